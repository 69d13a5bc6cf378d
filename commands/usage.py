"""A command line that cannot be read, in words: what stands there, and what may (the library's own words are English)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from typer.exceptions import TyperException

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_NO_OPTION = Words("没有选项 {option}；可用：{known}", "there is no option {option}; there are: {known}")
_A_VALUE = Words(
    "{option} 像选项；以 - 开头的值写在 -- 之后：{line} … -- {option}。选项可用：{known}",
    "{option} looks like an option; a value that begins with - stands behind --: {line} … -- {option}. Options are: {known}",
)
_NO_COMMAND = Words("没有命令 {name}；可用：{known}", "there is no command {name}; there are: {known}")
_MISSING = Words(
    "缺少 {name}；写法：{line} {form}，说明见 {line} --help",
    "{name} is missing; write {line} {form}, and see {line} --help",
)
_BAD = Words(
    "{name} 的值不对；写法见 {line} --help",
    "the value of {name} is wrong; see {line} --help for what it may be",
)
_NUMBER = Words("{name} 须为{range}，不是“{said}”", "{name} is {range}, and not “{said}”")
_WHOLE, _ANY = Words("整数", "a whole number"), Words("数", "a number")
_CHOICE = Words("{name} 只能是：{known}", "{name} is one of: {known}")
_NO_VALUE = Words("选项 {name} 后面要写值", "option {name} needs a value behind it")
_TOO_MANY = Words("多出来的：{said}；写法：{line} {form}", "too much: {said}; write {line} {form}")
_OTHER = Words("命令写法不对；说明见 {line} --help", "the command cannot be read; see {line} --help")
_OF_NUMBERS = ("int_parsing", "int_from_float", "float_parsing", "greater_than_equal", "less_than_equal")
_QUOTED = re.compile("'([^']*)'")
_SAID = re.compile(r"\(s\) \((.*)\)$|'(.*?)'")


def usage_refusal(wrong: TyperException) -> Refusal | None:
    """Why the command line was not taken; None for what is no mistake (the help that was asked for)."""
    context: Any = getattr(wrong, "ctx", None)
    kind = type(wrong).__name__
    option = str(getattr(wrong, "option_name", ""))
    if kind == "BadOptionUsage":
        return Refusal(Code.MISSING_FIELD, _NO_VALUE.filled(name=option), where=option)
    if context is None or kind == "NoArgsIsHelpError":
        return None
    line = str(context.command_path)
    form = " ".join(context.command.collect_usage_pieces(context))
    parameter: Any = getattr(wrong, "param", None)
    filled: dict[str, object] = {
        "line": line,
        "form": form,
        "option": option,
        "name": _name_of(parameter) or option,
    }
    said = _SAID.search(wrong.format_message())
    match kind:
        case "NoSuchOption":
            is_value = option.lstrip("-")[:1].isdecimal()
            words, code = _A_VALUE if is_value else _NO_OPTION, Code.UNKNOWN_FIELD
            filled["known"] = _listed(_options(context))
        case "MissingParameter":
            words, code = _MISSING, Code.MISSING_FIELD
        case "BadParameter":
            allowed = _QUOTED.findall(str(getattr(wrong, "message", "")).partition(" is not one of ")[2])
            number = _number_wanted(wrong, parameter)
            words, code = _CHOICE if allowed else _BAD, Code.MALFORMED
            filled["known"] = _listed(allowed)
            if number is not None:
                words = _NUMBER
                filled |= number
        case "UsageError" if said and hasattr(context.command, "commands"):
            words, code = _NO_COMMAND, Code.UNKNOWN_FIELD
            filled |= {"name": said[2] or said[1], "known": _listed(context.command.list_commands(context))}
        case "UsageError" if said:
            words, code = _TOO_MANY, Code.UNKNOWN_FIELD
            filled["said"] = said[1] or said[2]
        case _:
            words, code = _OTHER, Code.MALFORMED
    return Refusal(code, words.filled(**filled), where=line.partition(" ")[2])


def _name_of(parameter: Any) -> str:
    """An option by its longest name, an argument by what it stands for."""
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.make_metavar(ctx=None)) if parameter.metavar is None else str(parameter.metavar)


def _number_wanted(wrong: TyperException, parameter: Any) -> dict[str, object] | None:
    """Which number was wanted, and what stood there; None where it was no number that was asked for."""
    cause = wrong.__cause__
    if not isinstance(cause, ValidationError) or parameter is None:
        return None
    error = cause.errors()[0]
    if error["type"] not in _OF_NUMBERS:
        return None
    runtime = parameter.get_runtime_param()
    limits, schema = runtime.parameter_info, json.dumps(runtime.adapter.json_schema())
    plain = _ANY if '"number"' in schema else _WHOLE
    return {"range": _range(plain, limits.min, limits.max), "said": error["input"]}


def _range(plain: Words, least: float | None, most: float | None) -> Words:
    if least is not None and most is not None:
        return Words(f" {least} 至 {most} 的{plain.zh}", f"{plain.en} from {least} to {most}")
    if least is not None:
        return Words(f"不小于 {least} 的{plain.zh}", f"{plain.en}, at least {least}")
    if most is not None:
        return Words(f"不大于 {most} 的{plain.zh}", f"{plain.en}, at most {most}")
    return plain


def _listed(names: Iterable[str]) -> Words:
    return Words.listed(Words(each, each) for each in names)


def _options(context: Any) -> list[str]:
    """What the command takes, each option by its longest name."""
    return [
        max(each.opts, key=len)
        for each in context.command.get_params(context)
        if each.param_type_name == "option"
    ]
