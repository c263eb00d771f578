"""The page's judge, run by Node: texts in, judgements out."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright._impl._driver import compute_driver_executable

from nnlib.exercises.page import module_text, program_source, state

NODE = compute_driver_executable()[0]
_RUN = """
const { readFileSync } = require("fs");
const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = asked.map(([name, texts]) => {
  const judge = new Judge(STATES[name], PROGRAMS[name].run, { ...STANDARD, ...PROGRAMS[name].functions });
  const reading = (text) => {
    const begun = performance.now();
    try { parse(text, judge.names); } catch (reason) { if (!(reason instanceof Unreadable)) throw reason; }
    return performance.now() - begun;
  };
  return texts.map((text) => {
    let read = reading(text);
    // The machine may have been busy with something else: once more.
    for (let again = 0; read > 2 && again < 4; again += 1) read = Math.min(read, reading(text));
    const before = performance.now();
    const { verdict, kind, message, help, place } = judge.judge(text);
    return { verdict, kind, message, help, place, read, time: performance.now() - before };
  });
});
process.stdout.write(JSON.stringify(answers));
"""


def judged(exercises, texts):
    """For each exercise (by name) the page's judgements on its texts (a mapping from name to a list)."""
    programs = ", ".join(f"{json.dumps(name)}: {program_source(e)}" for name, e in exercises.items())
    states = json.dumps({name: state(e) for name, e in exercises.items()}, ensure_ascii=False)
    source = f"{module_text()}\nconst STATES = {states};\nconst PROGRAMS = {{{programs}}};\n{_RUN}"
    asked = json.dumps([[name, texts[name]] for name in texts])
    with TemporaryDirectory() as folder:  # the program goes in a file: it is too long for a command line
        program = Path(folder, "judge.cjs")
        program.write_text(source, encoding="utf-8")
        run = subprocess.run(
            [NODE, "--disable-proto=throw", program],
            input=asked,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert run.returncode == 0, run.stderr[-3000:]
    return dict(zip(texts, json.loads(run.stdout), strict=True))
