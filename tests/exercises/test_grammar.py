"""What may be typed: every spelling of a thing is read alike, and every message points at its place."""

from contextlib import suppress

import pytest

from nnlib.exercises.grammar import DEEPEST, HIGHEST, LONGEST
from nnlib.exercises.names import Declared, Vocabulary
from nnlib.exercises.parser import parse
from nnlib.exercises.tokens import Unreadable

ONE = Vocabulary(
    [
        Declared("W", 2, 3),
        Declared("x", 3, 1),
        Declared("b", 2, 1),
        Declared("delta", 2, 1),
        Declared("a", 2, 1),
        Declared("y", 2, 1),
        Declared("z", 2, 1),
        Declared("a", 2, 1, partial=True),
    ]
)
TWO = Vocabulary(
    [
        Declared("W", 3, 4, layer=1),
        Declared("W", 2, 3, layer=2),
        Declared("a", 3, 1, layer=1),
        Declared("a", 2, 1, layer=2),
        Declared("delta", 2, 1, layer=2),
        Declared("z", 3, 1, layer=1),
        Declared("x", 4, 1),
        Declared("yhat", 2, 1),
        Declared("a", 2, 1, layer=2, partial=True),
    ]
)

# Every line: spellings of one thing.
ALIKE_IN_ONE_LAYER = [
    [
        "δ₁ x₂",
        "delta[1] x[2]",
        "delta_1 x_2",
        r"\delta_1 x_2",
        r"\delta_{1}\,x_{2}",
        "δ_1x_2",
        "delta1 x2",
        "deltax".replace("x", "_1 x_2"),
        r"$\delta_1 x_2$",
        "Q = delta1 x2",
    ],
    [
        "W₁₂",
        "W12",
        "w12",
        "W_12",
        "W_{12}",
        "W_{1,2}",
        "W_{1 2}",
        "W[1][2]",
        "W[1,2]",
        "w_1_2",
        "W^{(1)}_{12}",
        "W⁽¹⁾₁₂",
        "w_12^(1)",
        "W(1,2)",
        r"\mathbf{W}_{12}",
        "W_12.",
    ],
    [
        "Wᵀ δ",
        "W^T δ",
        "W^{T} δ",
        "W⊤δ",
        r"W^\top \delta",
        r"W^{\top}\delta",
        r"W^\mathsf{T}δ".replace(r"\mathsf{T}", "{\\mathsf T}"),
        "W.T δ",
        "W'δ",
        "W′δ",
        "transpose(W) δ",
        r"W^{\intercal} δ",
        "W^t δ",
        "Wᵗδ",
        "W.transpose() δ",
        "np.transpose(W) δ",
        r"\mathbf{W}^{\mathrm{T}}\boldsymbol{\delta}",
    ],
    [
        "(a - y) ∘ x",
        "(a−y)⊙x",
        r"(a-y)\odot x",
        r"(a - y) \circ x",
        "(a-y) .* x",
        r"\left(a-y\right)\odot x",
        "{a-y} ∘ x",
        "[a-y]∘x",
    ],
    [
        "σ'(z)",
        "σ′(z)",
        "sigma'(z)",
        r"\sigma'(z)",
        r"\sigma^{\prime}(z)",
        "σ' z",
        "sigma.prime(z)",
        "sigma_prime(z)",
        r"\sigma^\prime(z)",
        r"\sigma^{'}(z)",
    ],
    [
        "∂L/∂a",
        "dL/da",
        r"\frac{\partial L}{\partial a}",
        r"\partial L/\partial a",
        "dL / da",
        r"\dfrac{dL}{da}",
        r"\frac{\mathrm{d}L}{\mathrm{d}a}",
        "dL_da",
        "dLda",
        "∂l/∂a",
    ],
    ["∂L/∂a_2", "dL/da[2]", r"\frac{\partial L}{\partial a_2}", "∂L/∂a₂", "dL/da2"],
    ["a^2", "a²", "a**2", "a^{2}", "a^(2)", "a.^2"],
    ["1/(1+exp(-z))", "1/(1+e^{-z})", "1/(1+e^(-z))", r"1/(1+\exp(-z))", "1/(1+e^-z)", r"\frac{1}{1+e^{-z}}"],
    ["tanh(z)^2", "tanh^2(z)", "tanh²(z)", r"\tanh^2 z", "(tanh z)^2"],
    ["0.5 x", ".5 x", "½ x", "0.50x".replace("0.50", "0.5")],
    ["(W^T δ)_2", "(Wᵀδ)₂", "(W^T δ)[2]", "{W^T δ}_{2}"],
    ["outer(δ, x)", "δ ⊗ x", r"\delta \otimes x", "np.outer(delta, x)"],
    ["W x ∘ b", "multiply(W x, b)", "np.multiply(W @ x, b)", "W.dot(x) ∘ b"],
    ["diag(a)", r"\operatorname{diag}(a)", r"\mathrm{diag} a", r"\text{diag}\left(a\right)", "np.diag(a)"],
    ["sum(a)", "a.sum()", "np.sum(a)", r"\operatorname{sum}(a)"],
    ["a^3", r"a^{\odot 3}", r"a^{\circ 3}"],
    ["a^-2", "a⁻²", "a^{-2}", "a**(-2)"],
    ["(a) * 2 * y^2 * 3", "(a) 2 y^2 3", "(a)2y^2 3"],
    ["2*x", "2·x", "2×x", "2⋅x", r"2\cdot x", r"2 \times x"],
    ["∇L", "∂L/∂a", "∇_a L", r"\nabla L", r"\nabla_{a} L", r"\nabla_a L", "nabla L", "grad L"],
    ["∇_a₂ L", "∂L/∂a₂", "∇_{a_2} L", r"\nabla_{a_{2}} L"],
    ["⟨a, W x⟩", "<a, W x>", "⟨ a , W x ⟩", r"\langle a, W x \rangle", r"\left\langle a, Wx \right\rangle"],
    [
        "tr(δ aᵀ)",
        "Tr(δ aᵀ)",
        "trace(δ aᵀ)",
        "np.trace(δ aᵀ)",
        r"\operatorname{tr}(δ a^T)",
        r"\mathrm{Tr}(δ a')",
    ],
    ["softmax(z)_2", "softmax(z)[2]", r"\operatorname{softmax}(z)_2", r"\mathrm{softmax}\left(z\right)_{2}"],
    ["log(a)", "ln(a)", r"\ln a", r"\log\left(a\right)"],
    ["‖a-y‖^2", "||a-y||^2", r"\|a-y\|^2", r"\lVert a - y \rVert^2", "norm(a-y)²"],
    ["√(b)", "sqrt(b)", r"\sqrt{b}", "b^{1/2}", "b^(0.5)".replace("0.5", "1/2")],
]
ALIKE_IN_TWO_LAYERS = [
    [
        "W2^T δ2",
        "W_2^T δ_2",
        r"W^{(2)\top}\delta^{(2)}",
        "W⁽²⁾ᵀ δ⁽²⁾",
        "W^T_2 δ_2",
        "W^{T}_{2} δ_2",
        "W^{2T} δ^2",
        "W^{[2]T} δ^{[2]}",
        "W^{(2)^T} δ^{(2)}",
        "W(2)^T δ(2)",
        "W2.T delta2",
        "W^(2)^T δ^(2)",
        "W²ᵀ δ²",
        r"{W^{(2)}}^T \delta^{(2)}",
        "W2' δ",
    ],
    ["a1", "a_1", "a^(1)", "a¹", "a⁽¹⁾", "a^{(1)}", "a[1]", "a^1"],
    ["a1_2", "a1[2]", "a^(1)_2", "a^{(1)}_{2}", "a_2^{(1)}", "a⁽¹⁾₂", "a12", "a_{1,2}"],
    ["W2_12", "W2[1][2]", "W^{(2)}_{12}", "W212", "W_{12}^{(2)}", "W2_{1,2}", "w2_12"],
    [r"\hat{y}", "ŷ", r"\hat y", "yhat"],
    ["∂L/∂a2", r"\frac{\partial L}{\partial a^{(2)}}", "dL/da⁽²⁾", "dL/da^(2)"],
]


def bare(node):
    """A tree without its places."""
    value = node.value
    if node.kind == "number":
        value = value[0] / value[1]
    elif node.kind in {"product", "entrywise"}:
        value = tuple("*" if sign in {"*", "", "@"} else sign for sign in value)
    args = list(map(bare, node.args))
    if node.kind in {"sum", "product"} and args[0][0] == node.kind:  # (a − y) + z is a − y + z
        return node.kind, args[0][1] + value[1:], (*args[0][2], *args[1:])
    return node.kind, value, tuple(args)


@pytest.mark.parametrize(
    ("names", "spellings"), [(ONE, s) for s in ALIKE_IN_ONE_LAYER] + [(TWO, s) for s in ALIKE_IN_TWO_LAYERS]
)
def test_every_spelling_is_read_alike(names, spellings):
    first, *others = spellings
    for other in others:
        assert bare(parse(other, names)) == bare(parse(first, names)), other


DIFFERENT = [
    "a-y",
    "a y",
    "a ∘ y",
    "a/y",
    "a^2",
    "a_2",
    "a",
    "aᵀ",
    "-a",
    "2a",
    "σ(a)",
    "σ'(a)",
    "∂L/∂a",
    "(a-y)^2",
    "a-y^2",
    "sum(a)",
    "softmax(a)",
    "tr(a)",
    "⟨a, y⟩",
]


def test_different_things_are_read_differently():
    trees = [bare(parse(text, ONE)) for text in DIFFERENT]
    assert len({str(tree) for tree in trees}) == len(DIFFERENT)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("a - y + z", "(a - y) + z"),
        ("a ∘ y + z", "(a ∘ y) + z"),
        ("W x ∘ a", "(W x) ∘ a"),
        ("a ∘ W x", "a ∘ (W x)"),
        ("-a^2", "-(a^2)"),
        ("-a ∘ y", "(-a) ∘ y"),
        ("1/2 x", "(1/2) x"),
        ("2 W^T δ", "2 (W^T) δ"),
        ("σ z^2", "σ(z^2)"),
        ("σ(z)^2", "(σ(z))^2"),
        ("a--y", "a - (-y)"),
    ],
)
def test_what_binds_tighter(text, again):
    flat = lambda text: str(bare(parse(text, ONE)))
    assert flat(text) == flat(again)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("", "Type a formula", ""),
        ("   ", "Type a formula", "   "),
        ("a +", "Something is missing", ""),
        ("(a - y", "never closed", "("),
        ("a - y)", "never opened", ")"),
        ("(a - y]", "Another bracket", "]"),
        ("q x", "‘q’ has no meaning here. The letters here: W, x, b", "q"),
        ("a & y", "‘&’ has no meaning", "&"),
        ("a + foo(z)", "‘foo’ has no meaning", "foo"),
        (r"\alpha x", "is not known here", r"\alpha"),
        ("x_4", "x is 3 × 1: it has no entry 4", "x_4"),
        ("a + x_0", "it has no entry 0", "x_0"),
        ("2 W_1", "it takes two indices", "W_1"),
        ("x_{1,2}", "it has no entry", "x_{1,2}"),
        ("x_1,5", "decimal point", ","),
        ("x_i", "An index is a number here", "i"),
        ("delta 1 x 2", "Put * before this number", "1"),
        ("2 3 x", "Put * before this number", "3"),
        ("outer(x)", "with a comma between", ")"),
        ("W(4,1)", "it has no entry 4, 1", "W(4,1)"),
        ("x_0", "The first is 1", "x_0"),
        ("x⁻", "raised minus", "⁻"),
        ("x 2", "Put * before this number", "2"),
        ("a = y = z", "two equals signs", "="),
        ("T W", "A transpose stands behind", "T"),
        ("W^", "An exponent is", ""),
        ("W^x", "An exponent is", "x"),
        ("0.1234567890", "at most 9 digits", "0.1234567890"),
        ("a^13", f"more than {HIGHEST}", "a^13"),
        ("(a^4)^4", f"more than {HIGHEST}", "(a^4)^4"),
        ("∂L/∂W", "∂L/∂W is no letter here", "∂L/∂W"),
        ("∂a/∂z", "one of the loss", "∂a"),
        ("L - a", "The loss itself is no letter", "L"),
        ("e", "Write exp", ""),
        ("exp -z", "argument in brackets", "-"),
        ("σ'''(z)", "Two primes at most", "σ'''"),
        ("a ∘ ∘ y", "should stand here", "∘"),
        ("‖a - y", "never closed", "‖"),
        (r"\frac + b", r"\frac{…}{…}", r"\frac +"),
        ("a⁽x⁾", "raised bracket", "⁽"),
        ("a\u0000b", "U+0000", "\u0000"),
        ("x😀", "U+1F600", "😀"),
        ("<b>", "with a comma between", ">"),
        ("⟨a, b", "never closed", "⟨"),
        ("⟨a, b)", "Write ⟩", ")"),
        ("z > 0", "never opened", ">"),
        ("∇a", "one of the loss by a letter", "∇a"),
        ("∇_y L", "∂L/∂y is no letter here", "∇_y"),
    ],
)
def test_a_message_says_what_is_wrong_and_where(text, words, place):
    with pytest.raises(Unreadable) as caught:
        parse(text, ONE)
    assert words in str(caught.value)
    assert text[caught.value.start : caught.value.end] == place


def test_which_layer_is_asked_where_it_is_not_said():
    with pytest.raises(Unreadable, match="Which layer"):
        parse("W x", TWO)
    with pytest.raises(Unreadable, match="no entry 4"):
        parse("a1_4", TWO)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "x" + ")" * 150,
        "σ" * LONGEST + "x"[:0],
        "-" * (LONGEST - 1) + "x",
        "x'" * (LONGEST // 2),
        "x^T" * (LONGEST // 3),
        "+".join("x" * (LONGEST // 2)),
        "x" * LONGEST,
        "x" * (LONGEST + 1),
        "{" * LONGEST,
        "\\frac" * (LONGEST // 5),
        "x^" * (LONGEST // 2),
        "x^(" * (LONGEST // 3),
        "e^" * (LONGEST // 2),
        "‖" * LONGEST,
        "⟨" * LONGEST,
        "⟨x," * (LONGEST // 3),
        "∇_" * (LONGEST // 2),
        "∂L/∂" * (LONGEST // 4),
        "x_{" * (LONGEST // 3),
        "9" * LONGEST,
        "sqrt " * (LONGEST // 5),
    ],
)
def test_long_and_deep_texts_are_read_or_refused(text):
    with suppress(Unreadable):
        parse(text, ONE)


def test_nabla_asks_for_the_letter_where_there_are_several():
    both = Vocabulary([Declared("a", 2, 1, partial=True), Declared("z", 2, 1, partial=True)])
    with pytest.raises(Unreadable, match="by a letter, as in ∂L/∂a"):
        parse("∇L", both)
    assert bare(parse("∇_z L", both)) == bare(parse("∂L/∂z", both))


def test_the_depth_has_a_bound():
    parse("(" * DEEPEST + "x" + ")" * DEEPEST, ONE)
    with pytest.raises(Unreadable, match="within each other"):
        parse("(" * (DEEPEST + 1) + "x" + ")" * (DEEPEST + 1), ONE)


@pytest.mark.parametrize("answer", [None, 3, ["x"]])
def test_what_is_no_text_is_refused(answer):
    with pytest.raises(TypeError, match="an answer is a text"):
        parse(answer, ONE)
