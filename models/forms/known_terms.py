"""What the order's own terms say of a field of a form stands in it already, and may be another one (R64)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.forms.form_fields import Form, FormField
from models.values.vocabulary import Words

_TERMS: dict[tuple[str, str], str] = {("transport_arranged", "method"): "delivery_method"}
"""By fact and field the term of the order."""


def with_known_terms(form: Form, terms: Mapping[str, Words]) -> Form:
    """The form with those fields as the order has them; one of which it says nothing stays empty."""
    return replace(form, fields=tuple(_known(form.kind, each, terms) for each in form.fields))


def _known(kind: str, field: FormField, terms: Mapping[str, Words]) -> FormField:
    said = terms.get(_TERMS.get((kind, field.path), ""))
    found = next((each.value for each in field.choices if said is not None and each.zh == said.zh), "")
    return replace(field, value=found) if found and not field.value else field
