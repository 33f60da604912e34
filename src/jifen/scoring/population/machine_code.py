"""Emitted code → machine code of this processor: built once, kept on disk, loaded by any process.

Machine code is kept under the hash of what it does, the source that emits it, the engine, the
compiler and the processor, in $JIFEN_CACHE (default: ~/.cache/jifen); where nothing can be written
it is built in each process.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from jifen.drafts import write_whole

ENGINE = 1
"""Raised whenever machine code of older engines may not be used again."""
_CHECKSUM_SIZE = hashlib.sha256().digest_size
_SCORING_SOURCE = Path(__file__).parents[1]
"""Every emitted loop depends on the source of this package: lanes, tables, programs, trees."""


class CompiledFunction:
    """The function `name` of an emitted module. `key` says all that `emit` is given; `emit` writes
    the module, where it is not kept yet."""

    def __init__(self, name: str, key: object, emit: Callable[[], Any]) -> None:
        self._engine = _load_engine(_load_or_build_object(key, emit))
        self.address = int(self._engine.get_function_address(name))


def compile_module(module: Any) -> bytes:
    """Object code of an emitted module for this processor."""
    parsed = llvm.parse_assembly(str(module))
    parsed.triple = _native_target().triple
    parsed.verify()
    machine = _target_machine()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(parsed, passes)
    return bytes(machine.emit_object(parsed))


@cache
def _native_target() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple()


def _target_machine() -> Any:
    name, features = _describe_processor()
    return _native_target().create_target_machine(cpu=name, features=features, opt=3)


@cache
def _describe_processor() -> tuple[str, str]:
    try:
        features = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # a processor that LLVM cannot ask: its baseline
        features = ""
    return llvm.get_host_cpu_name(), features


def _load_or_build_object(key: object, emit: Callable[[], Any]) -> bytes:
    sources = hash_sources(_SCORING_SOURCE), hash_sources(_source_folder(emit))
    full_key = repr((key, sources, ENGINE, llvmlite.__version__, *_describe_processor()))
    cache_file = cache_folder() / f"{hashlib.sha256(full_key.encode()).hexdigest()}.o"
    with suppress(OSError):
        stored = cache_file.read_bytes()
        if _checksum(stored[_CHECKSUM_SIZE:]) == stored[:_CHECKSUM_SIZE]:
            return stored[_CHECKSUM_SIZE:]
    code = compile_module(emit())
    with suppress(OSError):
        _write_cached(cache_file, _checksum(code) + code)
    return code


def _source_folder(emit: Callable[[], Any]) -> Path:
    """The folder of the module that an emitter is written in."""
    return Path(str(sys.modules[emit.__module__].__file__)).parent


@cache
def hash_sources(folder: Path) -> str:
    """The hash of the Python source below a folder, read once in a process. An emitter that has
    changed must not be given the machine code of the one before."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _checksum(code: bytes) -> bytes:
    """The hash that detects a truncated or damaged file, which must not be run."""
    return hashlib.sha256(code).digest()


def cache_folder() -> Path:
    """Where machine code is kept."""
    configured = os.environ.get("JIFEN_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(configured) if configured else base / "jifen") / "kernels"


def _write_cached(cache_file: Path, code: bytes) -> None:
    """Written beside and moved, so that no other process sees half of it."""
    cache_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(cache_file, code)


def _load_engine(code: bytes) -> Any:
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine
