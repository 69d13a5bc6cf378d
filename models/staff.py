"""Who acts in which role for one case, and whom they answer to."""

from __future__ import annotations

from pydantic import Field

from models.values.content import Alike, Name
from models.values.vocabulary import Role


class StaffAssignment(Alike):
    """Who acts in which role, and who is told when a step is overdue (R13)."""

    people: dict[Role, Name] = Field(default_factory=dict)
    superiors: dict[Name, Name] = Field(default_factory=dict)
    members: dict[Role, tuple[Name, ...]] = Field(default_factory=dict)
    """Everybody who had a role when the order began; whoever is in charge of it stands in `people`."""

    def person(self, role: Role) -> str:
        """The person in a role; empty when the role has nobody in particular."""
        return self.people.get(role, "")

    def persons(self, role: Role) -> tuple[str, ...]:
        """Everybody known to have the role, who is in charge of it first."""
        in_charge = self.person(role)
        others = (each for each in self.members.get(role, ()) if each != in_charge)
        return (*((in_charge,) if in_charge else ()), *others)

    @property
    def everyone(self) -> tuple[str, ...]:
        """Everybody of the staff who is known, each once."""
        return tuple(dict.fromkeys(
            [*self.people.values(), *(each for members in self.members.values() for each in members), *self.superiors.values()]
        ))  # fmt: skip

    def superior_of(self, person: str) -> str:
        """Whom an overdue step of this person is escalated to; empty at the top."""
        return self.superiors.get(person, "")
