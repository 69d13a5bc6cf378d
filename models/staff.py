"""Who acts in which role for one case, and whom they answer to."""

from __future__ import annotations

from pydantic import Field

from models.values.content import Content, Name
from models.values.vocabulary import Role


class StaffAssignment(Content):
    """Who acts in which role, and who is told when a step is overdue (R13)."""

    people: dict[Role, Name] = Field(default_factory=dict)
    superiors: dict[Name, Name] = Field(default_factory=dict)

    def person(self, role: Role) -> str:
        """The person in a role; empty when the role has nobody in particular."""
        return self.people.get(role, "")

    def superior_of(self, person: str) -> str:
        """Whom an overdue step of this person is escalated to; empty at the top."""
        return self.superiors.get(person, "")
