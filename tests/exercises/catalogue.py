"""Exercises of every kind, each with right answers and with typical wrong ones and the help that fits."""

from functools import cache

import sympy as sp

import nnlib as nn
from nnlib.exercises import Exercise, find, names
from nnlib.symbolic import (
    ForwardPass,
    letters,
    network,
    partial,
    sigma,
    undefined_activation,
    undefined_loss,
)

from . import answers

W, W1, W2, b, x, y, z, a, delta, L = letters("W W1 W2 b x y z a delta L")
z1, a1, z2, a2, delta1, delta2, b1, b2 = letters("z1 a1 z2 a2 delta1 delta2 b1 b2")
u = sp.Symbol("u", real=True)
half = sp.Rational(1, 2)

error = nn.Formula(delta, partial(L, z))
error2 = nn.Formula(delta2, partial(L, z2))


def _layer(activation=None, loss=None, sizes=(3, 2)):
    return ForwardPass(network(sizes, activation or nn.identity, loss or undefined_loss("l")))


def _deep(activation=None, loss=None):
    return ForwardPass(
        network((4, 3, 2), activation or undefined_activation("sigma"), loss or undefined_loss("l"))
    )


def _scalar(activation, loss):
    return ForwardPass(network((2, 1), activation, loss))


MAKERS = {
    "dW": lambda: Exercise(
        "dW",
        r"∂L/∂W by δ and x",
        nn.Formula(partial(L, W), delta * x.T, given=[error]),
        _layer(),
        [delta, x, W],
    ),
    "dx": lambda: Exercise(
        "dx",
        r"∂L/∂x by W and δ",
        nn.Formula(partial(L, x), W.T * delta, given=[error]),
        _layer(),
        [delta, x, W],
    ),
    "dW12": lambda: Exercise(
        "dW12",
        r"∂L/∂W₁₂ by δ and x",
        nn.Formula(partial(L, W(1, 2)), delta(1) * x(2), given=[error]),
        _layer(),
        [delta, x, W],
        hints=["Which z does W₁₂ move?"],
    ),
    "delta": lambda: Exercise(
        "delta",
        r"δ for any σ and any loss",
        nn.Formula(delta, nn.hadamard(partial(L, a), sigma.prime(z))),
        _layer(undefined_activation("sigma")),
        [partial(L, a), z, a, x, W],
        asked=partial(L, z),
    ),
    "delta-squared": lambda: Exercise(
        "delta-squared",
        r"δ for the sigmoid and the squared error",
        nn.Formula(delta, nn.hadamard(a - y, sigma.prime(z))),
        _layer(nn.sigmoid, nn.squared_error),
        [a, y, z],
        asked=partial(L, z),
    ),
    "entry": lambda: Exercise(
        "entry",
        r"∂L/∂w₂ for one sigmoid unit with squared error",
        nn.Formula(partial(L, W(1, 2)), (a(1) - y(1)) * a(1) * (1 - a(1)) * x(2)),
        _scalar(nn.sigmoid, nn.squared_error),
        [a, y, x, z, W, b],
    ),
    "cross-entropy": lambda: Exercise(
        "cross-entropy",
        r"δ for the sigmoid with cross-entropy",
        nn.Formula(delta, a - y),
        _layer(nn.sigmoid, nn.cross_entropy),
        [a, y, z],
        asked=partial(L, z),
        ranges={"y": (0.1, 0.9)},
    ),
    "dW1": lambda: Exercise(
        "dW1",
        r"∂L/∂W⁽¹⁾ of two layers",
        nn.Formula(partial(L, W1), nn.hadamard(W2.T * delta2, sigma.prime(z1)) * x.T, given=[error2]),
        _deep(),
        [W1, W2, delta2, z1, a1, x],
    ),
    "delta1": lambda: Exercise(
        "delta1",
        r"δ⁽¹⁾ of two layers",
        nn.Formula(partial(L, z1), nn.hadamard(W2.T * delta2, sigma.prime(z1)), given=[error2]),
        _deep(),
        [W2, delta2, z1, a1],
    ),
    "tanh": lambda: Exercise(
        "tanh",
        r"δ for tanh and the squared error",
        nn.Formula(delta, nn.hadamard(a - y, sigma.prime(z))),
        _layer(nn.tanh, nn.squared_error),
        [a, y, z],
        asked=partial(L, z),
    ),
    "square": lambda: Exercise(
        "square",
        r"δ of a square layer, 2 × 2",
        nn.Formula(partial(L, W), delta * x.T, given=[error]),
        _layer(sizes=(2, 2)),
        [delta, x, W],
    ),
    "loss": lambda: Exercise(
        "loss",
        r"the squared error of two outputs",
        nn.Formula(L, half * nn.symbolic.SquaredNorm(a - y)),
        _layer(nn.identity, nn.squared_error),
        [a, y],
    ),
}

RIGHT = {
    "dW": [
        "delta x^T",
        "δ xᵀ",
        r"\delta x^{\top}",
        "∂L/∂W = δ x'",
        "(x δᵀ)ᵀ",
        "delta * x.T",
        "-(-δ)@x.T",
        "δ⊤ᵀ xᵀ",
    ],
    "dx": ["W^T delta", "Wᵀδ", r"W^{\top}\delta", "(δ^T W)^T", "W.T @ δ", "2 Wᵀ δ / 2"],
    "dW12": ["delta[1]*x[2]", "δ₁ x₂", r"\delta_1 x_2", "x_{2} delta_1", "delta1 x2", "x2*d" + "elta1 + 0"],
    "delta": [
        "∂L/∂a ∘ σ'(z)",
        "dL/da .* sigma'(z)",
        r"\frac{\partial L}{\partial a} \odot \sigma'(z)",
        "diag(σ′(z)) ∂L/∂a",
        "σ'(W x + z - W x) ⊙ ∂L/∂a",
        "dL/da * sigma'(z)",
    ],
    "delta-squared": [
        "(a-y) ∘ σ'(z)",
        "(a - y) ∘ a ∘ (1 - a)",
        "(σ(z)-y)∘σ(z)∘(1-σ(z))",
        "(a-y)*a*(1-a)",
        r"\left(a-y\right)\odot\sigma(z)\odot\sigma(-z)",
        "(a-y)∘(exp(-z)/(1+exp(-z))^2)",
        "a∘a∘(1-a) - y∘a∘(1-a)",
        "(a-y)∘e^{-z}/(1+e^{-z})^2",
        "(a-y)∘(1-tanh(z/2)^2)/4",
    ],
    "entry": [
        "(a - y) a (1 - a) x2",
        "(a1-y1) a1 (1-a1) x_2",
        "x[2] (a-y) σ'(z)",
        "(σ(z)-y) σ(z) (1-σ(z)) x₂",
        "(a^2 - a y)(1-a) x_2",
        "(σ(W x + b) - y) σ'(W x + b) x_2",
    ],
    "cross-entropy": ["a - y", "σ(z) - y", "-(y-a)", "1/(1+exp(-z)) - y", r"\sigma(z) - y"],
    "dW1": [
        "(W2^T δ2 ∘ σ'(z1)) x^T",
        r"\left(W^{(2)\top}\delta^{(2)} \odot \sigma'(z^{(1)})\right) x^{\top}",
        "diag(σ'(z1)) W2' δ2 x'",
        "((δ2^T W2)^T ∘ σ'(W1 x + z1 - W1 x)) xᵀ",
        "(W_2ᵀ δ_2 ⊙ σ′(z_1)) xᵀ",
    ],
    "delta1": [
        "W2^T δ2 ∘ σ'(z1)",
        "σ'(z1) ∘ W2ᵀ δ2",
        r"W^{(2)T}\delta^{(2)}\circ\sigma^{\prime}(z^{(1)})",
        "diag(σ'(z⁽¹⁾)) (W⁽²⁾)ᵀ δ⁽²⁾",
        "(W2.T @ delta2) * sigma'(z1)",
    ],
    "tanh": [
        "(a-y)∘(1-a^2)",
        "(a-y)∘(1-tanh²(z))",
        "(a - y) .* σ'(z)",
        "(tanh(z)-y)∘(1-a)∘(1+a)",
        "(a-y) ∘ tanh'(z)",
        "4 (a-y) ∘ sigmoid'(2*z)",
    ],
    "square": ["δ x^T", "(x δᵀ)'", "δ*x'"],
    "loss": [
        r"\frac{1}{2}(a-y)^T(a-y)",
        "½‖a-y‖²",
        "sum((a-y)^2)/2",
        "((a1-y1)^2+(a2-y2)^2)/2",
        r"\frac12 \|a-y\|^2",
        "1/2 (a_1^2 - 2 a_1 y_1 + y_1^2) + 1/2 (a_2-y_2)^2",
        "||y-a||^2/2",
    ],
}

WRONG = {
    "dW": [
        ("x δᵀ", "transposed"),
        ("δ x", "shape"),
        ("-δ xᵀ", "sign"),
        ("2 δ xᵀ", "factor"),
        ("Wᵀ δ", "other-derivative"),
        ("δ", "other-derivative"),
        ("x", "shape"),
        ("δ xᵀ + W", "differs"),
        ("δ+x", "shape"),
        ("W", "differs"),
    ],
    "dx": [
        ("W δ", "shape"),
        ("-Wᵀ δ", "sign"),
        ("δᵀ W", "transposed"),
        ("δ x^T", "other-derivative"),
        ("½ Wᵀ δ", "factor"),
        ("x", "differs"),
        ("Wᵀ δ + x", "differs"),
    ],
    "dW12": [
        ("δ₂ x₁", "other-derivative"),
        ("δ₁ x₁", "other-derivative"),
        ("-δ₁ x₂", "sign"),
        ("2δ₁ x₂", "factor"),
        ("δ₁", "other-derivative"),
        ("δ x_2", "shape"),
        ("x_2", "differs"),
        ("δ x^T", "other-derivative"),
        ("δ₁ + x₂", "differs"),
        ("W12 x_2", "differs"),
    ],
    "delta": [
        ("∂L/∂a", "slope-forgotten"),
        ("-∂L/∂a ∘ σ'(z)", "sign"),
        ("∂L/∂a ∘ σ(z)", "one-prime"),
        ("σ'(z)", "differs"),
        ("∂L/∂a σ'(z)", "shape"),
        ("∂L/∂a ∘ a ∘ (1-a)", "differs"),
        ("∂L/∂a ∘ σ'(a)", "differs"),
        ("σ'(z)ᵀ ∂L/∂a", "shape"),
        ("(∂L/∂a ∘ σ'(z))ᵀ", "transposed"),
        ("∂L/∂a ∘ σ''(z)", "differs"),
    ],
    "delta-squared": [
        ("a-y", "slope-forgotten"),
        ("(y-a)∘σ'(z)", "sign"),
        ("2 (a-y)∘σ'(z)", "factor"),
        ("(a-y)∘a∘(1+a)", "one-sign"),
        ("(a-y) σ'(z)", "shape"),
        ("(a-y)∘σ(z)", "one-prime"),
        ("(a-y)∘σ'(a)", "differs"),
        ("1/2 (a-y)^2", "differs"),
    ],
    "entry": [
        ("(a-y) x_2", "differs"),
        ("(y-a) a (1-a) x_2", "sign"),
        ("(a-y) a (1-a) x_1", "other-derivative"),
        ("(a-y) a (1-a)", "other-derivative"),
        ("2(a-y)a(1-a)x_2", "factor"),
        ("(a-y) a (1-a) x", "shape"),
        ("(a-y)a x_2", "differs"),
        ("log(-1)", "no-value"),
    ],
    "cross-entropy": [
        ("y - a", "sign"),
        ("(a-y)∘a∘(1-a)", "differs"),
        ("a", "differs"),
        ("2a - 2y", "factor"),
        ("z - y", "differs"),
        ("(a-y)/(a∘(1-a))", "other-derivative"),
        ("aᵀ - yᵀ", "transposed"),
        ("log(-a)", "no-value"),
    ],
    "dW1": [
        ("W2^T δ2 x^T", "slope-forgotten"),
        ("(W2^T δ2 ∘ σ'(z1))", "other-derivative"),
        ("x (W2^T δ2 ∘ σ'(z1))^T", "transposed"),
        ("-(W2^T δ2 ∘ σ'(z1)) x^T", "sign"),
        ("δ2 a1^T", "other-derivative"),
        ("(W2 δ2 ∘ σ'(z1)) x^T", "shape"),
        ("(W2^T δ2 ∘ σ'(a1)) x^T", "differs"),
        ("(W2^T δ2 ∘ σ(z1)) x^T", "one-prime"),
    ],
    "delta1": [
        ("W2^T δ2", "slope-forgotten"),
        ("W2 δ2 ∘ σ'(z1)", "shape"),
        ("W2^T δ2 ∘ σ(z1)", "one-prime"),
        ("W2^T δ2 ∘ σ'(a1)", "differs"),
        ("-W2^T δ2 ∘ σ'(z1)", "sign"),
        ("3 W2^T δ2 ∘ σ'(z1)", "factor"),
        ("W2^T (δ2 ∘ σ'(z1))", "shape"),
    ],
    "tanh": [
        ("(a-y)∘(1-a)^2", "differs"),
        ("(a-y)", "slope-forgotten"),
        ("(a-y)∘a∘(1-a)", "differs"),
        ("(y-a)∘(1-a^2)", "sign"),
        ("(a-y)(1-a^2)", "shape"),
        ("(a-y)∘(1-z^2)", "differs"),
    ],
    "square": [
        ("x δᵀ", "transposed"),
        ("-δ xᵀ", "sign"),
        ("δᵀ x", "shape"),
        ("Wᵀ δ", "other-derivative"),
        ("δ x", "shape"),
        ("W", "differs"),
    ],
    "loss": [
        ("(a-y)^T(a-y)", "factor"),
        ("‖a-y‖/2", "differs"),
        ("(a-y)^2/2", "shape"),
        ("½(a+y)ᵀ(a-y)", "one-sign"),
        ("-½‖a-y‖²", "sign"),
        ("a-y", "shape"),
        ("½(a-y)(a-y)^T", "shape"),
    ],
}


@cache
def exercise(name):
    """The exercise of that name; made once."""
    return find(name) if name in names() else MAKERS[name]()


MAKERS |= dict.fromkeys(names())
RIGHT |= answers.RIGHT
WRONG |= answers.WRONG
