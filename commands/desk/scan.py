"""`scan`: signed sheets that came back as pictures are recognised and reported to their orders (R31)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from commands.session import FilesArgument, JsonOption, Session, session, with_client
from models.values.errors import OF_THE_WORLD, Refusal
from models.values.vocabulary import Words
from runtime.files.scans import Scanned, take_scan
from runtime.refusals import is_silent, named_files

if TYPE_CHECKING:
    from temporalio.client import Client


def scan(
    files: FilesArgument,
    as_json: JsonOption = False,
) -> None:
    """识别传回的确认书（PDF、TIFF、PNG、JPEG、HEIC，可多页） · recognise signed sheets that came back as pictures.

    starter.py scan fax-0105.tif | starter.py scan inbox/*.pdf

    按页上的二维码或条码认出订单和版本；签字由客服核对后报 confirmation_returned。同一文件送两次只算一次；
    认不出的保留在 var/scans/unread/，并开一件客服待办（starter.py resolve）。
    放进 var/scans/in/ 的文件由 `make run` 自动识别。
    """
    current = session(as_json=as_json)
    results: list[Scanned] = []

    async def work(client: Client) -> None:
        from activities.store.faults import named_faults

        for file in files:
            try:
                with named_faults(file.name), named_files(file):
                    results.extend(await take_scan(client, current.settings, file))
            except Refusal as refusal:
                results.append(Scanned(file, 0, refusal=refusal))
                if is_silent(refusal):
                    return  # the next ones would meet the same

    with_client(current, work)
    _report(current, results, as_json=as_json)
    refused = [each.refusal for each in results if each.refusal is not None]
    # what is away counts first: the same files are to be scanned again then
    wrong = next((each for each in sorted(refused, key=lambda each: each.code not in OF_THE_WORLD)), None)
    if wrong is not None:
        raise typer.Exit(wrong.exit_code)


def _report(current: Session, results: list[Scanned], *, as_json: bool) -> None:
    if as_json:
        current.speech.data([each.as_json() for each in results])
        return
    current.speech.table(
        (Words("文件", "file"), Words("页", "page"), Words("订单", "order"), Words("版本", "version"),
         Words("结果", "result")),
        [(each.file.name, each.page or "", each.order, each.version or "", each.words) for each in results],
    )  # fmt: skip
