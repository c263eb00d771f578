import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import (
    Column,
    Formula,
    ForwardPass,
    SquaredNorm,
    compile_formulas,
    diag,
    hadamard,
    l,
    letters,
    network,
    partial,
    prove,
    sigma,
    size,
    symbols,
)  # fmt: skip

W, b, x, y, z, a, delta, L = letters("W b x y z a delta L")
i, j = sp.symbols("i j", integer=True)
error = Formula(delta, hadamard(a - y, sigma.prime(z)))
dW = Formula(partial(L, W), delta * x.T, given=[error])


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        (dW, r"\frac{\partial L}{\partial W} = \delta \, x^{\top}"),
        (Formula(partial(L, x), W.T * delta), r"\frac{\partial L}{\partial x} = W^{\top} \, \delta"),
        (Formula(z, W * x + b), r"z = W \, x + b"),
        (Formula(z, b + W * x), r"z = W \, x + b"),
        (error, r"\delta = (a - y) \odot \sigma'(z)"),
        (Formula(delta, l.gradient(z)), r"\delta = \nabla l(z)"),
        (
            Formula(L, sp.Rational(1, 2) * SquaredNorm(a - y)),
            r"L = \frac{1}{2} \, \left\lVert a - y \right\rVert^{2}",
        ),
        (Formula(partial(L, W), -delta * x.T), r"\frac{\partial L}{\partial W} = -\delta \, x^{\top}"),
        (
            Formula(partial(L, x(j)), sp.Sum(partial(L, z(i)) * partial(z(i), x(j)), (i, 1, size(1)))),
            r"\frac{\partial L}{\partial x_{j}} = \sum_{i=1}^{S_{1}} \frac{\partial L}{\partial z_{i}} \, "
            r"\frac{\partial z_{i}}{\partial x_{j}}",
        ),
        (Formula(a(i), 1 / (1 + sp.exp(-z(i)))), r"a_{i} = \frac{1}{1 + e^{- z_{i}}}"),
        (
            Formula(partial(a, z), diag(sigma.prime(z))),
            r"\frac{\partial a}{\partial z} = \operatorname{diag}(\sigma'(z))",
        ),
        (Formula(*[letters(n)[0] for n in ("z2", "W2")]), r"z^{(2)} = W^{(2)}"),
    ],
)
def test_formulas_print_as_the_book_writes(formula, printed):
    assert formula.latex.replace("{-z", "{- z") == printed


def test_what_is_printed_is_what_is_computed():
    """A sign that is flipped in the object shows in its print, its entries and its JavaScript."""
    wrong = Formula(partial(L, W), -delta * x.T, given=[error])
    net = network((3, 2), nn.sigmoid)
    assert wrong.latex != dW.latex
    assert prove(wrong.entries(net), -dW.entries(net))
    assert wrong.js(net) != dW.js(net)


def test_entries_on_numbers_are_what_nnlib_computes():
    rng = np.random.default_rng(0)
    net = nn.Network([nn.Dense(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), nn.sigmoid)])
    point, target = rng.normal(size=(3, 1)), rng.normal(size=(2, 1))
    theirs = net.backward(net.forward(point), target).W[1]
    np.testing.assert_allclose(dW.entries(net, point, target), theirs, rtol=1e-14)


def test_a_product_that_does_not_fit_is_an_error_that_shows_the_shapes():
    with pytest.raises(nn.ShapeError, match="2 × 1 times 3 × 1"):
        Formula(partial(L, W), delta * x, given=[error]).entries(network((3, 2)))


def test_addition_never_broadcasts():
    with pytest.raises(nn.ShapeError, match="2 × 1"):
        Formula(z, W * x + b.T).entries(network((3, 2)))


def test_a_loss_of_the_wrong_shape_is_no_loss():
    with pytest.raises(nn.ShapeError, match=r"a\.T is 1 × 2, but the target is 2 × 1"):
        Formula(L, l(a.T)).entries(network((3, 2)))
    with pytest.raises(nn.ShapeError, match="but the target is"):
        Formula(delta, l.gradient(x)).entries(network((3, 2)))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (Formula(z, x), "z is 2 × 1, but the right side of its formula is 3 × 1"),
        (Formula(z(1), x), r"z\(1\) is 1 × 1, but the right side of its formula is 3 × 1"),
        (Formula(z, [[x(1)], [x(2)], [x(3)]]), "z is 2 × 1, but .* 3 × 1"),
        (
            Formula(partial(L, W), x * delta.T, given=[error]),
            "is 2 × 3, but .* 3 × 2. It is the transpose",
        ),
        (Formula(partial(z, x), W.T), r"partial\(z, x\) is 2 × 3, but"),
        (Formula([[z(1), z(2)]], W * x), "is 1 × 2, but .* 2 × 1"),
        (Formula(letters("z2")[0], W * x), "S_2 is no size of this forward pass, which has S_0 to S_1"),
    ],
)
def test_a_right_side_of_another_shape_than_the_left_is_an_error(formula, words):
    with pytest.raises(nn.ShapeError, match=words):
        formula.entries(network((3, 2), nn.sigmoid))


@pytest.mark.parametrize("rows", [[[x(1)], [x(1), x(2)]], [x(1), x(2)], [], [[], []]])
def test_lists_are_rows_of_one_length(rows):
    with pytest.raises(nn.ShapeError, match="the right side of z should be a list of rows of one length"):
        Formula(z, rows)


@pytest.mark.parametrize("given", [error, [3], None])
def test_what_is_given_is_a_list_of_formulas(given):
    with pytest.raises(TypeError, match="given is a list of formulas"):
        Formula(partial(L, W), delta * x.T, given=given)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ({"x": np.ones((3, 4))}, "x has shape 3 × 4, but should be 3 × 1 in the column convention"),
        ({"x": [[1.0, 2.0, 3.0]]}, "x has shape 1 × 3, but should be 3 × 1 .* transpose"),
        ({"x": [1.0, 2.0, 3.0]}, r"x has shape 3 \(1-D\), but should be 3 × 1, one data point"),
        ({"target": np.ones((2, 4))}, "target has shape 2 × 4, but should be 2 × 1"),
    ],
)
def test_a_formula_has_entries_at_one_data_point(point, words):
    with pytest.raises(nn.ShapeError, match=words):
        Formula(z, W * x + b).entries(network((3, 2)), **point)


def test_whole_numbers_stay_exact():
    w11, w12 = symbols("W", (1, 2))[0]
    assert prove(Formula(z, W * x).entries(network((2, 1)), x=[[3], [7]]), [[3 * w11 + 7 * w12]])


def test_a_formula_of_another_shape_than_its_name_is_not_compiled():
    with pytest.raises(nn.ShapeError, match="z is 2 × 1, but the right side of its formula is 3 × 1"):
        compile_formulas([Formula(z, x)], network((3, 2)), target=False)


def test_an_entry_that_is_computed_twice_is_an_error():
    with pytest.raises(ValueError, match=r"two of the formulas compute z\[1\]: leave one"):
        compile_formulas([Formula(z, W * x + b), Formula(z, W * x)], network((3, 2)), target=False)


@pytest.mark.parametrize("rhs", [i * W(1, 1), Column(W, i)], ids=["number", "column"])
def test_a_symbol_without_a_value_is_an_error(rhs):
    with pytest.raises(KeyError, match="the symbol i has no value"):
        Formula(L, rhs).entries(network((3, 2)))


def test_indices_run_from_1():
    with pytest.raises(nn.ShapeError, match="indices run from 1"):
        Formula(z, [[W(0, 1)]]).entries(network((3, 2)))


def test_a_letter_without_a_meaning_is_an_error():
    with pytest.raises(KeyError, match="no delta"):
        Formula(partial(L, W), delta * x.T).entries(network((3, 2)))


def test_two_meanings_for_one_letter_are_an_error():
    with pytest.raises(ValueError, match="same letter"):
        Formula(partial(L, W), delta * x.T, given=[error, Formula(delta, a - y)])


def test_indices_give_the_same_entries_as_matrices():
    forward = ForwardPass(network((3, 2), nn.sigmoid))
    by_index = Formula(partial(L, W(i, j)), delta(i) * x(j), given=[error])
    assert prove(by_index.evaluate(forward), dW.evaluate(forward))


def test_compiled_formulas_share_inputs_and_name_outputs_by_the_page_contract():
    compiled = compile_formulas([Formula(z, W * x + b), dW], network((3, 2), nn.sigmoid))
    assert compiled.inputs[:3] == ("W[1][1]", "W[1][2]", "W[1][3]")
    columns = {"b[1]", "b[2]", "x[1]", "x[2]", "x[3]", "y[1]", "y[2]"}
    assert set(compiled.inputs) == columns | {f"W[{p}][{q}]" for p in (1, 2) for q in (1, 2, 3)}
    assert compiled.outputs[:3] == ("z[1]", "z[2]", "dW[1][1]")


def test_what_has_no_number_is_not_compiled():
    with pytest.raises(ValueError, match="undefined functions"):
        Formula(L, l(a)).js(network((2, 2), loss=nn.symbolic.undefined_loss("l")))


def test_mathml_is_printed_from_the_same_equation():
    assert dW.mathml.startswith("<math")
    assert "&#x003B4;" in dW.mathml
    assert '<mi>&#x003C3;</mi><mo lspace="0" rspace="0">&#x02032;</mo>' in error.mathml


def test_symbols_are_named_as_in_the_text():
    assert symbols("W2", (1, 2)).tolist() == [
        [sp.Symbol("W^{(2)}_{11}", real=True), sp.Symbol("W^{(2)}_{12}", real=True)]
    ]
    assert len(set(symbols("W", (11, 12)).ravel())) == 132


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("", (1, 2), "'' names no symbols"),
        ("7", (1, 2), "'7' names no"),
        ("W", 3, "rows and columns"),
        ("W", (3,), "rows and"),
    ],
)
def test_symbols_need_a_name_and_a_shape(name, shape, words):
    with pytest.raises(ValueError, match=words):
        symbols(name, shape)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: letters("W x", convention="rows"), "unknown convention 'rows'"),
        (lambda: letters("W0"), "layer 0 is the input"),
        (lambda: size(-1), r"size\(-1\): layers are numbered"),
        (lambda: size("a"), r"size\('a'\): layers are numbered"),
    ],
)
def test_letters_and_sizes_that_there_are_not_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
