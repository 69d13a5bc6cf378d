"""`documents`: print the papers that are due, and say where the printed ones are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.session import JsonOption, Session, session
from models.documents.paper_words import title_of
from models.values.vocabulary import Words
from runtime.databases import engine_of
from runtime.settings import Settings

if TYPE_CHECKING:
    from activities.documents.printed_papers import Document


def documents(
    order: Annotated[
        str | None, typer.Argument(help="订单号；不写为全部 · an order; all without", metavar="ORDER")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="有问题的也再试 · try those with a problem again")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """打印应出的文书（PDF），列出一张订单的文书 · print the papers that are due; list those of an order.

    starter.py documents | starter.py documents 20270105-0001

    模板在 templates/documents/，可以自行修改。`make run` 时会自动打印。
    """
    from activities.documents.printed_papers import documents_of
    from runtime.worker.paperwork import build_press

    current = session(as_json=as_json)
    engine = engine_of(current.settings)
    made = build_press(current.settings).print_due(order, again=again)
    shown = documents_of(engine, order) if order is not None else made
    if as_json:
        current.speech.data([document_json(current.settings, each) for each in shown])
        return
    current.speech.say(f"打印了 {len(made)} 份", f"{len(made)} papers printed")
    show_documents(current, [each for each in shown if order is not None or each.problem])


def show_documents(current: Session, found: list[Document]) -> None:
    """Papers with their place, or what keeps them from being printed."""
    current.speech.table(
        (Words("订单", "order"), Words("文书", "paper"), Words("时间", "when"), Words("文件", "file")),
        [
            (
                each.order_number,
                title_of(each.paper),
                each.created_at,
                path_of(current.settings, each) or each.problem,
            )
            for each in found
        ],
    )


def path_of(settings: Settings, document: Document) -> str | None:
    """Where a printed paper is: a file, or an address in the store."""
    from activities.documents.document_store import PDF, DocumentStore

    return DocumentStore(settings.documents).shown(document.document + PDF) if document.document else None


def document_json(settings: Settings, document: Document) -> dict[str, Any]:
    """A paper for programs, with its path."""
    return {**document.model_dump(mode="json"), "path": path_of(settings, document)}
