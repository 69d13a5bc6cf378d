"""What is known already of a field of a form stands in it, and may be another one: the order's own terms (R64), and the
hours of a machine line that are proposed (R151).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.forms.form_fields import Form, FormField
from models.messages.decision_subjects import Subject
from models.scheduling.answered_hours import HOURS
from models.scheduling.bookings import Hours
from models.scheduling.outlook import Outlook
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words

_TERMS: dict[tuple[str, str], str] = {("transport_arranged", "method"): "delivery_method"}
"""By fact and field the term of the order."""
_HOURS = tuple(f"detail.{name}" for name in HOURS)


def with_known_terms(form: Form, terms: Mapping[str, Words]) -> Form:
    """The form with those fields as the order has them; one of which it says nothing stays empty."""
    return replace(form, fields=tuple(_known(form.kind, each, terms) for each in form.fields))


def _known(kind: str, field: FormField, terms: Mapping[str, Words]) -> FormField:
    said = terms.get(_TERMS.get((kind, field.path), ""))
    found = next((each.value for each in field.choices if said is not None and each.zh == said.zh), "")
    return replace(field, value=found) if found and not field.value else field


def proposed_hours(outlook: Outlook | None) -> dict[str, str]:
    """The fields of production's answer as they are proposed, each as a page types it; empty where nothing is."""
    proposal = outlook.proposal if outlook is not None else None
    if proposal is None:
        return dict.fromkeys(_HOURS, "")
    hours = Hours.to_the_minute(proposal.line, proposal.span)
    moments = (
        f"{each.astimezone(BUSINESS_ZONE):%Y-%m-%dT%H:%M}" for each in (hours.span.begins, hours.span.ends)
    )
    return dict(zip(_HOURS, (hours.machine_line, *moments), strict=True))


def with_proposed_hours(form: Form, outlooks: Mapping[int, Outlook]) -> Form:
    """Production's form with the hours that are proposed for its line; without machine lines nobody is asked for any."""
    if form.subject != Subject.PRODUCTION_DATE.value:
        return form
    if not outlooks:
        return replace(form, fields=tuple(each for each in form.fields if each.path not in _HOURS))
    values = proposed_hours(outlook_for(form, outlooks))
    return replace(
        form, fields=tuple(replace(each, value=values.get(each.path, each.value)) for each in form.fields)
    )


def outlook_for(form: Form, outlooks: Mapping[int, Outlook]) -> Outlook | None:
    """The outlook of the line that the form is about; of an order of one line it is that one."""
    if form.line:
        return outlooks.get(int(form.line))
    return next(iter(outlooks.values())) if len(outlooks) == 1 else None
