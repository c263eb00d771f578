"""A script with short names does what it did, as an engine of scripts finds."""

import json

import pytest
from backprop_book.assets import exercises_scripts
from backprop_book.short import with_short_names
from py_mini_racer import MiniRacer

SCRIPTS = {
    "a function, its parameters and a default": """
        function total(first, second = first + 1) { return first * second; }
        total(3)""",
    "properties keep their names": """
        const first = { first: 1, second: 2 };
        first.first + first["second"] + first?.second""",
    "a name in braces is a property's too": """
        const first = 1, second = 2;
        JSON.stringify({ first, second })""",
    "a pattern": """
        const { first, other: [second, { third = first }] } = { first: 1, other: [2, {}] };
        [first, second, third]""",
    "a pattern with a key that is computed": """
        const { [Symbol.iterator]: first, [`${Number.name}`]: second = Boolean, third = String } = [];
        typeof first + typeof second + typeof third""",
    "a pattern without a declaration": """
        let first, second;
        ({ first, other: second } = { first: 1, other: 2 });
        first - second""",
    "a rest": """
        const { first, ...others } = { first: 1, second: 2 };
        ((...all) => all.length + others.second)(first, 1)""",
    "a class": """
        class Base { static made = 1; value() { return 1; } }
        class Next extends Base { value() { return super.value() + Next.made; } }
        new Next().value()""",
    "names of expressions": """
        const outer = function inner(count) { return count ? inner(count - 1) + 1 : 0; };
        const made = class Inner { same() { return Inner; } };
        outer(3) + (new made().same() === made)""",
    "a generator": """
        function* numbers(limit) { for (let number = 0; number < limit; number++) yield number; }
        [...numbers(3)]""",
    "loops": """
        let sum = 0;
        for (const one of [1, 2]) sum += one;
        for (const [key, value] of Object.entries({ b: 3 })) sum += key + value;
        for (const place in [5]) sum += place;
        sum""",
    "what is caught": """
        let found = 0;
        try { null.first; } catch (error) { found += error instanceof TypeError; }
        try { null.first; } catch { found += 1; }
        found""",
    "an inner name hides an outer one": """
        const first = 1, inner = () => { const first = 2; return (() => first)(); };
        inner() + ((first) => first)(3) + first""",
    "an expression in a template": """
        const first = 1, second = 2;
        `first ${first} ${`${second}`}`""",
    "names that are short already": """
        const b = 1, a = 2, c = ((a, d) => a + b + d)(3, 4);
        [a, b, c]""",
    "names that are not the script's": """
        const most = Math.max(1, 2);
        typeof a + typeof b + most""",
    "a label": """
        let count = 0;
        outer: for (const first of [1, 2]) for (const second of [1, 2]) {
            if (second == 2) continue outer;
            count += first;
        }
        count""",
    "a getter and a setter": """
        const box = { get value() { return 4; }, set value(given) { box.given = given; } };
        box.value = 3;
        box.given + box.value""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_does_the_same(name):
    script = SCRIPTS[name]
    assert result(with_short_names(script)) == result(script)


def result(script: str) -> str:
    """What a script's last line comes to."""
    return MiniRacer().eval(f"JSON.stringify([eval({json.dumps(script)})])")


def test_no_name_of_its_own_stays_long():
    script = "function sum(one, two) { try { return one + two; } catch (fault) { return fault; } }"
    assert with_short_names(script) == "function d(a, b) { try { return a + b; } catch (c) { return c; } }"


def test_no_new_name_hides_what_the_script_asks_for():
    assert with_short_names("const one = a + b, two = c;") == "const d = a + b, e = c;"


def test_there_is_a_name_for_each_of_thousands_and_none_is_a_word_of_the_language():
    script = f"const {', '.join(f'name{number} = {number}' for number in range(3000))}; name2999"
    assert MiniRacer().eval(with_short_names(script)) == 2999


@pytest.mark.parametrize("name", exercises_scripts())
def test_what_the_page_loads_is_a_script(name):
    """That the exercises still judge as they should is for the tests in the browser."""
    MiniRacer().eval(f"() => {{ {exercises_scripts()[name]} }}")
