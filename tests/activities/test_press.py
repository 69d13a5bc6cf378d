"""Papers in print: once, the same each time, and what keeps one from being printed is said."""

from __future__ import annotations

import shutil
import urllib.request
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine

from activities.documents.document_store import DocumentStore
from activities.documents.press import AT_ONCE, Press
from activities.documents.printed_papers import Document, documents_of
from activities.documents.typesetting import Typesetter, code_of
from activities.orders.recording.recorder import Recorder
from models.dossier.journal import FIRST_LINK
from models.dossier.papers_due import Intention, Paper
from models.dossier.records.recording import Burst
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language
from tests.models.life import Life
from tests.papers.reading import read_paper

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "documents"
LIFE = Life(words="𠮷野家要的").arrived().later(days=16)
PRINTED = [each for each in LIFE.order.unsent if each.content is not None]


def press(engine: Engine, folder: Path, templates: Path = TEMPLATES) -> Press:
    """A press with a store of its own."""
    return Press(engine, Typesetter(templates, Language.ZH), DocumentStore(folder / "documents"))


def enter(engine: Engine, folder: Path, intentions: list[Intention]) -> None:
    """Papers become due, recorded as an order records them."""
    order = LIFE.order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=[],
        intentions=intentions,
    )  # fmt: skip
    Recorder(engine).record(Burst.model_validate_json(burst.model_dump_json()))


def test_what_is_due_is_printed_once_and_can_be_found(engine: Engine, tmp_path: Path) -> None:
    enter(engine, tmp_path, LIFE.order.unsent)
    made = press(engine, tmp_path).print_due()
    assert {each.identity for each in made} == {each.identity for each in PRINTED}
    assert all(each.problem is None for each in made)
    assert press(engine, tmp_path).print_due() == []
    found = documents_of(engine, LIFE.order.number)
    assert len(found) == len(PRINTED)
    store = DocumentStore(tmp_path / "documents")
    assert all(store.read(f"{each.document}.pdf").startswith(b"%PDF") for each in found)


def test_many_notices_do_not_stand_in_the_way_of_a_paper(engine: Engine, tmp_path: Path) -> None:
    notice = next(each for each in LIFE.order.unsent if each.content is None)
    early = [notice.model_copy(update={"identity": f"receipt:{n}"}) for n in range(AT_ONCE + 20)]
    papers = [PRINTED[1].model_copy(update={"identity": f"sheet:{n}"}) for n in range(AT_ONCE + 20)]
    enter(engine, tmp_path, [*early, *papers])
    assert len(press(engine, tmp_path).print_due()) == len(papers)
    assert press(engine, tmp_path).print_due() == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("printed", PRINTED, ids=lambda each: each.identity)
def test_every_paper_is_the_same_bytes_each_time(printed: Intention, language: Language) -> None:
    assert printed.content is not None
    once, again = (Typesetter(TEMPLATES, language).set(printed.paper, printed.content) for _ in range(2))
    assert once == again


def test_a_missing_template_waits_for_a_person_and_is_tried_again(engine: Engine, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "receipt.typ").unlink()
    enter(engine, tmp_path, [PRINTED[0]])
    made = press(engine, tmp_path, templates).print_due()
    assert "receipt.typ" in (made[0].problem or "")
    assert press(engine, tmp_path, templates).print_due() == []
    shutil.copy(TEMPLATES / "receipt.typ", templates)
    mended: list[Document] = press(engine, tmp_path, templates).print_due(LIFE.order.number, again=True)
    assert [each.problem for each in mended] == [None]


def test_a_template_with_an_error_is_named(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    (tmp_path / "templates" / "receipt.typ").write_text('#import "letterhead.typ": *\n#no-such-thing\n')
    with pytest.raises(Refusal) as refused:
        Typesetter(tmp_path / "templates", Language.EN).set(Paper.RECEIPT, PRINTED[0].content or {})
    assert refused.value.code is Code.MALFORMED_FILE
    assert "no-such-thing" in refused.value.words.en
    assert "receipt.typ 第 2 行" in refused.value.words.zh
    assert refused.value.where.endswith("receipt.typ")


def test_a_sign_that_no_font_has_is_reported_and_not_printed_as_a_box(tmp_path: Path) -> None:
    content = {**(PRINTED[0].content or {}), "contact": "名字里有 \U0010fffd 的人"}
    with pytest.raises(Refusal) as refused:
        Typesetter(TEMPLATES, Language.ZH).set(Paper.RECEIPT, content)
    assert "U+10FFFD" in refused.value.words.zh


def test_a_sign_of_the_customers_own_words_that_no_font_has_is_called_by_its_name() -> None:
    """R11: the memo keeps what was said, and nobody can have the customer say it anew."""
    content = {**(PRINTED[0].content or {}), "words": "好的\U0001f600\ufe0f，要快\U0010fffd!"}
    page = "".join(read_paper(Typesetter(TEMPLATES, Language.ZH).set(Paper.RECEIPT, content)))
    assert "好的［GRINNINGFACEU+1F600］，要快［U+10FFFD］!" in page


@pytest.mark.parametrize("name", ["receipt.typ", "letterhead.typ"])
def test_a_sign_of_a_template_that_no_font_has_is_reported_with_its_file(tmp_path: Path, name: str) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    template = tmp_path / "templates" / name
    remarked = f"// a remark \U0010fffd is not printed\n{template.read_text()}"
    template.write_text(remarked)
    typesetter = Typesetter(tmp_path / "templates", Language.ZH)
    assert typesetter.set(Paper.RECEIPT, PRINTED[0].content or {}).startswith(b"%PDF")
    template.write_text(remarked.replace('"en"', '"\U0010fffd"').replace("订单号", "\U0010fffd"))
    with pytest.raises(Refusal) as refused:
        typesetter.set(Paper.RECEIPT, PRINTED[0].content or {})
    assert "U+10FFFD" in refused.value.words.zh
    assert (refused.value.code, Path(refused.value.where).name) == (Code.MALFORMED_FILE, name)


def test_a_letterhead_in_another_encoding_is_named_itself(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    letterhead = tmp_path / "templates" / "letterhead.typ"
    letterhead.write_bytes(b"// plain\n" + letterhead.read_text().encode("gb18030"))
    with pytest.raises(Refusal) as refused:
        Typesetter(tmp_path / "templates", Language.ZH).set(Paper.RECEIPT, PRINTED[0].content or {})
    assert "letterhead.typ 第 5 行" in refused.value.words.zh
    assert "receipt" not in refused.value.words.zh
    assert refused.value.where == str(letterhead)


def test_rare_signs_of_names_are_printed() -> None:
    content = {**(PRINTED[0].content or {}), "words": "𠮷 䶮 喆 玥"}
    assert Typesetter(TEMPLATES, Language.ZH).set(Paper.RECEIPT, content).startswith(b"%PDF")


def test_a_full_disk_stops_the_press_and_loses_nothing(engine: Engine, tmp_path: Path) -> None:
    enter(engine, tmp_path, [PRINTED[0]])
    (tmp_path / "documents").write_text("a file where a folder should be")
    with pytest.raises(Refusal) as refused:
        DocumentStore(tmp_path / "documents").keep(b"x")
    assert refused.value.code is Code.NOT_SET_UP
    (tmp_path / "documents").unlink()
    assert len(press(engine, tmp_path).print_due()) == 1


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    assert store.keep(b"one") == store.keep(b"one") != store.keep(b"two")
    assert len(list(tmp_path.rglob("*.pdf"))) == 2


def test_documents_may_be_kept_on_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    for name, value in {
        "ENDPOINT": address,
        "ACCESS_KEY_ID": "k",
        "SECRET_ACCESS_KEY": "s",
        "REGION": "cn",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    try:
        urllib.request.urlopen(urllib.request.Request(f"{address}/papers", method="PUT"))  # noqa: S310
        store = DocumentStore("s3://papers/dingdan")
        digest = store.keep(b"%PDF-1")
        assert store.keep(b"%PDF-1") == digest
        assert store.read(f"{digest}.pdf") == b"%PDF-1"
        assert store.shown(f"{digest}.pdf") == f"s3://papers/dingdan/{digest[:2]}/{digest}.pdf"
        with pytest.raises(Refusal) as refused:
            store.read("00.pdf")
        assert refused.value.code is Code.NOT_SET_UP
    finally:
        server.stop()
    with pytest.raises(Refusal) as refused:
        DocumentStore("s3://papers/dingdan").keep(b"while it is away")
    assert refused.value.code is Code.NOT_SET_UP


def test_the_code_names_order_version_and_content() -> None:
    content = {"number": "20270301-0001", "version": "2", "content_hash": "ab" * 32}
    assert code_of(content).startswith("<svg")
    assert code_of(content) != code_of({**content, "version": "3"})
