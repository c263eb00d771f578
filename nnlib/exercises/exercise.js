/* Exercises that ask for a formula: parser, shapes, typesetting and judge. GRAMMAR (the tables of grammar.py) stands before
 * this text, and what mounts it behind. Every step mirrors the Python of the same name. Nothing that is typed is ever run or
 * becomes markup; of a program come all letters, activations, slips and the truth. */

// ---------- tokens.py: a text as tokens, each with its place, in characters ----------

const isDecimal = (c) => /[0-9]/.test(c), isLatin = (c) => /[A-Za-z]/.test(c);
const SYMBOLS = new Map(Object.entries(GRAMMAR.symbols)), PAIRS = Object.entries(GRAMMAR.pairs);
const COMMANDS = new Map(Object.entries(GRAMMAR.commands)), FRACTIONS = new Map(Object.entries(GRAMMAR.fractions));

/** What is wrong, where it stands, and what would fit there. */
class Misplaced extends Error {
  constructor(message, start, end, fits = "") {
    super(message);
    Object.assign(this, { start, end, fits });
  }
}
class Unreadable extends Misplaced {}
class Clash extends Misplaced {}

const swapCase = (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase());

/** A part of a text as a message may show it: what has no glyph goes by its number. */
const shownPart = (chars) => chars.map((c) => {
  const hasGlyph = /^[!-~\u00a1-\u2fff]$/.test(c);
  return hasGlyph ? c : `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}).join("");

function tokens(text, names) {
  const chars = Array.from(text), found = [], braces = [];
  let partials = 0, last = chars.length;
  while (last && (GRAMMAR.spaces + ".,;").includes(chars[last - 1])) last -= 1;
  function run() {
    if (chars.length > GRAMMAR.longest) {
      throw new Unreadable(`This is longer than ${GRAMMAR.longest} characters. A shorter form will do.`, GRAMMAR.longest, chars.length);
    }
    let i = afterEquals();
    while (i < last) i = GRAMMAR.spaces.includes(chars[i]) ? i + 1 : token(i);
    add("end", "", chars.length, chars.length);
    return found;
  }
  function add(kind, value, start, end) {
    found.push({ kind, value, start, end });
    return end;
  }
  function afterEquals() {
    const first = chars.indexOf("="), second = first < 0 ? -1 : chars.indexOf("=", first + 1);
    if (second >= 0) throw new Unreadable("There are two equals signs. Type one formula, the right side.", second, second + 1);
    return first + 1;
  }
  function at(i) { return i < chars.length ? chars[i] : " "; }
  function token(i) {
    const c = chars[i];
    if (isDecimal(c) || (c === "." && isDecimal(at(i + 1)))) return number(i);
    const pair = PAIRS.find(([text]) => startsWith(text, i) && !(text === ".T" && isLatin(at(i + 2))));
    if (pair) return add(pair[1], pair[0], i, i + pair[0].length);
    if (c === "\\") return command(i);
    if (SYMBOLS.has(c)) return symbol(i, SYMBOLS.get(c));
    if (FRACTIONS.has(c)) return add("number", FRACTIONS.get(c), i, i + 1);
    if ((GRAMMAR.up + "⁽⁻").includes(c)) return raised(i);
    if (GRAMMAR.down.includes(c)) return lowered(i);
    return name(i);
  }
  function startsWith(text, i) {
    let k = 0;
    while (k < text.length && chars[i + k] === text[k]) k += 1;
    return k === text.length;
  }
  function symbol(i, kind) {
    if (kind === "∂") partials += 1;
    if (kind === "{") braces.push(false);
    if (kind === "}" && braces.pop()) return i + 1;
    if (kind === "''") add("'", "'", i, i + 1);
    return add(kind === "''" ? "'" : kind, chars[i], i, i + 1);
  }
  function digits(i) {
    while (isDecimal(at(i))) i += 1;
    return i;
  }
  function number(start) {
    let end = digits(start);
    const before = found.at(-1);
    if (inAFractionWithoutBraces()) end = start + 1;
    const kind = before && ["name", "layer"].includes(before.kind) && before.end === start ? "digits" : "number";
    if (kind === "number" && end < last && at(end) === "." && /[0-9 ]/.test(at(end + 1))) {
      end = digits(end + 1);
    }
    const value = chars.slice(start, end).join("");
    if (value.replace(".", "").length > GRAMMAR.digits) {
      throw new Unreadable(`A number has at most ${GRAMMAR.digits} digits here. Write a fraction, as in 1/3.`, start, end);
    }
    return add(kind, value, start, end);
  }
  function inAFractionWithoutBraces() {
    const [before, last] = [found.at(-2)?.kind, found.at(-1)?.kind];
    return last === "frac" || (before === "frac" && last === "number");
  }
  function raised(start) {
    const bracket = chars[start] === "⁽" ? 1 : 0, minus = chars[start] === "⁻", first = start + (bracket || minus ? 1 : 0);
    let i = first;
    while (GRAMMAR.up.includes(at(i))) i += 1;
    const value = chars.slice(first, i).map((c) => GRAMMAR.up.indexOf(c)).join("");
    if (bracket && (!value || at(i) !== "⁾")) {
      throw new Unreadable("A raised bracket holds the number of a layer, as in a⁽²⁾.", start, i);
    }
    if (minus && !value) throw new Unreadable("A raised minus stands before a raised number, as in y⁻².", start, i);
    if (value.length > GRAMMAR.digits) throw new Unreadable(`A number has at most ${GRAMMAR.digits} digits here.`, start, i);
    return add(bracket ? "layer" : "raised", (minus ? "-" : "") + value, start, i + bracket);
  }
  function lowered(start) {
    let i = start;
    while (GRAMMAR.down.includes(at(i))) i += 1;
    return add("digits", chars.slice(start, i).map((c) => GRAMMAR.down.indexOf(c)).join(""), start, i);
  }
  function command(start) {
    let i = start + 1;
    while (isLatin(at(i))) i += 1;
    i = Math.max(i, Math.min(start + 2, chars.length));
    const command = chars.slice(start + 1, i).join(""), kind = COMMANDS.get(command);
    if (kind === undefined && names.spelled.has(command)) return add("name", names.spelled.get(command), start, i);
    if (kind === undefined) {
      throw new Unreadable(`‘${shownPart(chars.slice(start, i))}’ is not known here. ${names.listed}`, start, i);
    }
    if (kind === "") return i;
    if (kind === "style") return style(i);
    if (kind === "hat") return hat(start, i);
    if (kind === "∂") partials += 1;
    return add(kind, command, start, i);
  }
  function style(start) {
    const i = start + (at(start) === "*" ? 1 : 0), opens = at(i) === "{";
    if (opens) braces.push(true);
    return i + (opens ? 1 : 0);
  }
  function hat(start, i) {
    while ("{ ".includes(at(i)) && i < chars.length) i += 1;
    if (at(i) !== "y" || !names.spelled.has("yhat")) {
      throw new Unreadable(`No letter with a hat is known here. ${names.listed}`, start, i);
    }
    i += 1;
    return add("name", "yhat", start, i + (at(i) === "}" ? 1 : 0));
  }
  function name(i) {
    const { spelled, longest, listed } = names;
    if (chars[i] === "d" && isDerivative(i)) {
      partials += 1;
      return add("∂", "d", i, i + 1);
    }
    const prefix = GRAMMAR.prefixes.find((text) => startsWith(text, i));
    if (prefix) return i + prefix.length;
    for (let length = Math.min(longest, chars.length - i); length > 0; length -= 1) {
      const stem = spelled.get(chars.slice(i, i + length).join(""));
      if (stem) return add("name", stem, i, i + length);
    }
    const c = chars[i];
    const word = (most) => {
      let end = i + 1;
      while (end - i < most && isLatin(c) && isLatin(at(end))) end += 1;
      return end;
    };
    let end = word(12);
    const other = end - i > 2 ? spelled.get(chars.slice(i, end).join("").toLowerCase()) : undefined;
    if (other) return add("name", other, i, end);
    if (isLatin(c) && c !== "i" && spelled.has(swapCase(c))) return add("name", spelled.get(swapCase(c)), i, i + 1);
    const [before, last] = [found.at(-2)?.kind, found.at(-1)?.kind];
    if (c === "T" || (c === "t" && (last === "^" || (before === "^" && last === "{")))) return add("T", c, i, i + 1);
    end = word(GRAMMAR.longest);
    const isIndex = last === "_" || last === "[" || (before === "_" && last === "{");
    if (isIndex && !found.some(({ value }) => value === "nabla")) {
      throw new Unreadable("An index is a number here. Write a sum out, as in x_1 + x_2.", i, end);
    }
    throw new Unreadable(`‘${shownPart(chars.slice(i, Math.min(end, i + 12)))}’ has no meaning here. ${listed}`, i, end);
  }
  function isDerivative(i) {
    if (!names.hasPartials) return false;
    let after = i + 1;
    while (at(after) === "}") after += 1;
    if (at(after) === "L") return true;
    const last = found.at(-1);
    return partials % 2 === 1 && Boolean(last) && (["/", "{", "(", "_"].includes(last.kind) || (last.kind === "name" && last.value === "L"));
  }
  return run();
}

// ---------- parser.py: tokens as a tree ----------

const CLOSING = { "(": ")", "{": "}", "[": "]", "⟨": "⟩" };
const LAYERS = [
  [["^", "("], 1, [")"]], [["^", "["], 1, ["]"]], [["^", "{", "("], 2, [")"]], [["^", "{", "["], 2, ["]"]], [["^", "{"], 2, ["T"]], [["^"], 0, []],
];
const BEGINS = ["number", "name", "(", "{", "[", "⟨", "frac", "√", "∂"];
const MISPLACED = {
  end: "Something is missing here: a letter, a number or a bracket.",
  T: "A transpose stands behind its matrix: Wᵀ, W^T or W.T.",
  digits: "An index stands right behind its letter, as in x_1.",
  _: "An index stands right behind its letter, as in x_1.",
  ",": "A comma stands between indices only. Write a decimal point.",
  "‖": "Put * before this norm, or close the one before.",
};

const makeNode = (kind, args, value, start, end) => ({ kind, args, value, start, end });
const isClosing = (kind) => ")}]⟩".includes(kind);
const OF_LOSS = "A derivative here is one of the loss by a letter, as in ∂L/∂a.";

function heightOf(node) {
  const below = node.args.reduce((most, arg) => Math.max(most, heightOf(arg)), node.args.length ? 0 : 1);
  return node.kind === "power" ? below * Math.max(1, Math.ceil(Math.abs(node.value[0]) / node.value[1])) : below;
}

function fractionOf(number) {
  const [whole, decimals = ""] = number.split(".");
  return [Number(whole + decimals), 10 ** decimals.length];
}

function wholeOf(token) {
  if (token.value.includes(".")) throw new Unreadable("A whole number should stand here.", token.start, token.end);
  return Number(token.value);
}

function parse(text, names) {
  const found = tokens(text, names);
  if (found.length === 1) throw new Unreadable("Type a formula.", 0, found[0].end);
  const { sum, finish } = makeParser(found, names), node = sum();
  finish();
  if (heightOf(node) > GRAMMAR.highest) {
    throw new Unreadable(`The exponents come to more than ${GRAMMAR.highest}. Write it with smaller ones.`, node.start, node.end);
  }
  return node;
}

function makeParser(found, names) {
  let place = 0, depth = 0, norms = 0;
  const next = () => found[place];
  const lastEnd = () => found[place - 1].end;
  function kind(ahead = 0) { return found[place + ahead]?.kind ?? "end"; }
  function is(...kinds) { return kinds.includes(kind()); }
  function take() {
    const token = next();
    if (token.kind !== "end") place += 1;
    return token;
  }
  function follows(...kinds) { return kinds.every((one, k) => kind(k) === one); }
  function expect(kind, message) {
    if (!is(kind)) fail(message);
    return take();
  }
  function fail(message, start = next().start, end = next().end) { throw new Unreadable(message, start, end); }
  function deeper() {
    depth += 1;
    if (depth > GRAMMAR.deepest) fail(`More than ${GRAMMAR.deepest} brackets lie within each other. Take some out.`);
  }
  function finish() {
    if (isClosing(kind())) fail("This bracket was never opened. Take it out.");
    if (!is("end")) unexpected();
  }
  function unexpected() {
    fail(MISPLACED[kind()] ?? "A letter, a number or a bracket should stand here.");
  }

  // ---- from sums down to atoms
  function sum() {
    const terms = [entrywise()], signs = ["+"];
    while (is("+", "-")) {
      signs.push(take().kind);
      terms.push(entrywise());
    }
    return several("sum", terms, signs);
  }
  function entrywise() {
    const factors = [product()];
    while (is("∘")) {
      take();
      factors.push(product());
    }
    return several("entrywise", factors, factors.map(() => "∘"));
  }
  function product() {
    const factors = [signed()], signs = [""];
    for (;;) {
      if (is("*", "@", "/", "⊗")) {
        signs.push(take().kind);
        factors.push(signed());
      } else if (beginsAFactor(factors.at(-1))) {
        signs.push("");
        factors.push(power());
      } else return several("product", factors, signs);
    }
  }
  function beginsAFactor(before) {
    if (is("number") && (before.kind === "number" || mayBeIndexed(before))) {
      fail("Put * before this number, or _ if it is an index.");
    }
    return is(...BEGINS) || (is("‖") && norms === 0);
  }
  function mayBeIndexed({ kind: type, value }) {
    if (type !== "letter" || value[1] >= 0 || isClosing(kind(-1))) return false;
    const letter = names.letters[value[0]];
    return indicesOf(letter) > 0 || letter.layer !== null;
  }
  function several(kind, parts, signs) {
    return parts.length === 1 ? parts[0] : makeNode(kind, parts, signs, parts[0].start, parts.at(-1).end);
  }
  function signed() {
    const { start } = next();
    let negative = false;
    while (is("+", "-")) if (take().kind === "-") negative = !negative;
    const node = power();
    return negative ? makeNode("negative", [node], [], start, node.end) : node;
  }
  function power() {
    let node = atom();
    for (;;) {
      if (is("'", "T")) {
        take();
        node = makeNode("transpose", [node], [], node.start, lastEnd());
      } else if (is("raised")) node = raisedTo(node, Number(take().value), 1);
      else if (is("^")) node = exponent(node);
      else if (is(".sum()")) {
        take();
        node = makeNode("whole", [node], ["sum"], node.start, lastEnd());
      } else if (node.kind !== "number" && beginsIndices()) {
        node = makeNode("entry", [node], someIndices(), node.start, lastEnd());
      } else return node;
    }
  }
  function beginsIndices() {
    if (is("_", "digits")) return true;
    return next().start === lastEnd() && (follows("[", "number", "]") || follows("[", "number", ","));
  }
  function someIndices() {
    const digits = [];
    while (beginsIndices()) {
      if (is("digits")) digits.push(take().value);
      else digits.push(...(is("_") ? below() : indices("]")));
    }
    return digits;
  }
  function raisedTo(node, top, bottom) { return makeNode("power", [node], [top, bottom], node.start, lastEnd()); }
  function exponent(base) {
    take();
    const opened = [];
    while (is("(", "{")) {
      deeper();
      opened.push(take());
    }
    if (is("∘")) take();
    if (is("T", "'")) {
      take();
      return closed(makeNode("transpose", [base], [], base.start, lastEnd()), opened);
    }
    const negative = is("-");
    if (negative) take();
    const [top, bottom] = fraction(opened.length > 0);
    return closed(raisedTo(base, negative ? -top : top, bottom), opened);
  }
  function closed(node, opened) {
    opened.reverse().forEach((token) => {
      close(token);
      depth -= 1;
    });
    return { ...node, end: lastEnd() };
  }
  function fraction(inBrackets) {
    const message = "An exponent is a number or T. Write exp(…) for powers of e.";
    let [top, bottom] = fractionOf(expect("number", message).value);
    if (inBrackets && is("/")) {
      take();
      const [more, less] = fractionOf(expect("number", message).value);
      [top, bottom] = [top * less, bottom * more];
    }
    if (bottom === 0) fail("This divides by 0.", found[place - 1].start, lastEnd());
    return [top, bottom];
  }
  function close(opening) {
    const closing = CLOSING[opening.kind];
    if (is(closing)) take();
    else if (is("end")) fail(`This bracket is never closed. Put ${closing} behind what it holds.`, opening.start, opening.end);
    else if (isClosing(kind())) fail(`Another bracket is closed here than was opened. Write ${closing}.`);
    else unexpected();
  }

  // ---- atoms
  function atom() {
    const token = next();
    if (token.kind === "number") {
      take();
      return makeNode("number", [], fractionOf(token.value), token.start, token.end);
    }
    if (token.kind === "name") return name();
    if (CLOSING[token.kind]) return group();
    if (token.kind === "frac") return quotient();
    if (token.kind === "∂") return derivative(take().start);
    if (token.kind === "‖") return norm();
    return token.kind === "√" ? whole("sqrt") : unexpected();
  }
  function group() {
    if (is("⟨")) return ofTwo("⟨");
    const opening = take(), outer = norms;
    norms = 0;
    deeper();
    const node = sum();
    close(opening);
    depth -= 1;
    norms = outer;
    return { ...node, start: opening.start, end: lastEnd() };
  }
  function norm() {
    const opening = take();
    deeper();
    norms += 1;
    const node = sum();
    if (!is("‖")) fail("This norm is never closed. Put ‖ behind it.", opening.start, opening.end);
    take();
    norms -= 1;
    depth -= 1;
    return makeNode("whole", [node], ["norm"], opening.start, lastEnd());
  }
  function quotient() {
    const { start } = take();
    if (follows("{", "∂")) {
      take();
      take();
      return derivative(start, true);
    }
    const parts = [0, 1].map(() => {
      if (!is("{", "number", "name")) fail("Write \\frac{…}{…}.", start);
      return atom();
    });
    return makeNode("product", parts, ["", "/"], start, lastEnd());
  }
  function derivative(start, braces = false) {
    loss(start);
    if (!braces && is("/", "_")) take();
    (braces ? ["}", "{", "∂"] : ["∂"]).forEach((kind) => expect(kind, OF_LOSS));
    const node = letterBelow(start);
    if (braces) expect("}", OF_LOSS);
    return { ...node, start, end: lastEnd() };
  }
  function loss(start) {
    if (!(is("name") && ["L", "l"].includes(next().value))) fail(OF_LOSS, start);
    take();
  }
  function letterBelow(start) {
    if (!is("name")) fail(OF_LOSS, start);
    return letter(true, start);
  }
  function nabla() {
    const { start } = take(), [only, ...more] = names.letters.flatMap(({ partial }, k) => (partial ? [k] : []));
    let node = makeNode("letter", [], [only, -1, -1]);
    if (is("_")) {
      take();
      const braces = is("{") && take();
      node = letterBelow(start);
      if (braces) expect("}", OF_LOSS);
    } else if (more.length) fail(OF_LOSS, start);
    loss(start);
    return { ...node, start, end: lastEnd() };
  }
  function name() {
    const name = next().value;
    if (names.isLetter(name)) return letter(false, next().start);
    if (GRAMMAR.whole.includes(name)) return whole(name);
    if (GRAMMAR.paired[name]) return ofTwo(GRAMMAR.paired[name]);
    if (name === "I") {
      const { start, end } = take();
      return makeNode("identity", [], [], start, end);
    }
    if (name === "e") return powerOfE();
    if (name === "nabla") return nabla();
    if (names.functions.has(name)) return call();
    return fail(`The loss itself is no letter here. ${names.listed}`);
  }

  // ---- functions
  function whole(name) {
    const { start } = take(), inner = argument();
    if (name === "sqrt") return makeNode("power", [inner], [1, 2], start, lastEnd());
    if (name === "transpose") return makeNode("transpose", [inner], [], start, lastEnd());
    return makeNode("whole", [inner], [name], start, lastEnd());
  }
  function ofTwo(sign) {
    const first = take(), { start } = first, message = "Put two things in brackets, with a comma between them.";
    const opening = sign === "⟨" ? first : expect("(", message);
    deeper();
    const one = sum();
    expect(",", message);
    const other = sum();
    close(opening);
    depth -= 1;
    const [kind, before] = "∘⟨".includes(sign) ? ["entrywise", sign] : ["product", ""];
    const node = makeNode(kind, [one, other], [before, sign], start, lastEnd());
    return sign === "⟨" ? { ...node, kind: "whole", args: [node], value: ["sum"] } : node;
  }
  function powerOfE() {
    const { start } = take();
    expect("^", "Write exp(…) or e^(…).");
    const negative = is("-");
    if (negative) take();
    let inner = argument();
    if (negative) inner = makeNode("negative", [inner], [], inner.start, inner.end);
    return makeNode("call", [inner], ["exp", 0], start, lastEnd());
  }
  function call() {
    const token = take();
    let primes = 0, exponent = null;
    for (;;) {
      if (is("'")) {
        take();
        primes += 1;
      } else if (follows("^", "{", "'")) {
        place += 2;
        while (is("'")) {
          take();
          primes += 1;
        }
        expect("}", "Close the brace behind the prime.");
      } else if (follows("^", "'")) {
        place += 2;
        primes += 1;
      } else if (is("raised") && !next().value.startsWith("-")) exponent = Number(take().value);
      else if (follows("^", "number")) {
        take();
        exponent = wholeOf(take());
      } else break;
    }
    if (is("digits", "_")) fail("A function has no index here. Put its argument in brackets.");
    if (primes > 2) fail("Two primes at most.", token.start, lastEnd());
    const inner = argument(), node = makeNode("call", [inner], [token.value, primes], token.start, lastEnd());
    return exponent === null ? node : raisedTo(node, exponent, 1);
  }
  function argument() {
    if (CLOSING[kind()]) return group();
    if (is("+", "-")) fail("Put the argument in brackets.");
    deeper();
    const node = power();
    depth -= 1;
    return node;
  }

  // ---- letters
  function letter(partial, start) {
    const { value: stem } = take();
    let known = null, transposed = false, turned = false;
    const digits = [];
    for (;;) {
      const size = known === null && !digits.length ? transposedBeforeLayer(stem) : 0;
      if (is("digits")) digits.push(take().value);
      else if (is("_")) digits.push(...below());
      else if (is("[")) digits.push(...indices("]"));
      else if (indicesInRoundBrackets(stem)) digits.push(...indices(")"));
      else if (size) {
        place += size;
        turned = true;
      }
      else {
        const above = layer(stem, known, digits, partial);
        if (!above) break;
        [known, transposed] = above;
        if (transposed) break;
      }
    }
    let node;
    try {
      node = makeNode("letter", [], names.find(stem, known, digits, partial), start, lastEnd());
    } catch (reason) {
      if (!(reason instanceof Misnamed)) throw reason;
      fail(reason.message, start, lastEnd());
    }
    return transposed || turned ? makeNode("transpose", [node], [], start, lastEnd()) : node;
  }
  function indicesInRoundBrackets(stem) {
    return next().start === lastEnd() && !names.isNumber(stem)
      && (follows("(", "number", ")") || follows("(", "number", ",", "number", ")"));
  }
  function transposedBeforeLayer(stem) {
    if (!names.needsLayer(stem)) return 0;
    const turns = [["T"], ["^", "T"], ["^", "{", "T", "}"]];
    return turns.find((turn) => follows(...turn, "_") || follows(...turn, "digits"))?.length ?? 0;
  }
  function below() {
    take();
    if (is("{")) return indices("}");
    if (is("digits")) return [take().value];
    return [String(wholeOf(expect("number", "An index is a whole number, as in x_1 or W_{12}.")))];
  }
  function indices(closing) {
    take();
    const found = [];
    while (!is(closing)) {
      found.push(String(wholeOf(expect("number", "An index is a whole number, as in x[1] or W[1][2]."))));
      if (is(",")) take();
    }
    take();
    return found;
  }
  function layer(stem, known, digits, partial) {
    if (known !== null || !is("layer", "^", "raised")) return null;
    if (is("layer")) return [Number(take().value), false];
    for (const [opening, brackets, end] of LAYERS) {
      const size = opening.length;
      if (!follows(...opening, "number", ...end)) continue;
      if (found[place + size].value.includes(".")) continue;
      const number = Number(found[place + size].value), bare = brackets === 0;
      if (!names.isLayer(stem, number, partial) && (bare || number !== 1)) continue;
      if (bare && digits.length && !needsLayer(stem, digits, partial)) continue;
      place += size + 1;
      return [number, closeLayer(brackets, end[0])];
    }
    if (is("raised")) {
      const number = Number(next().value);
      if (names.isLayer(stem, number, partial) && !digits.length) {
        take();
        return [number, false];
      }
    }
    return null;
  }
  function needsLayer(stem, digits, partial) {
    try {
      names.find(stem, null, digits, partial);
    } catch (reason) {
      if (!(reason instanceof Misnamed)) throw reason;
      return true;
    }
    return false;
  }
  function closeLayer(brackets, end) {
    if (brackets === 0) return false;
    if (end !== "T") take();
    if (brackets === 2 && follows("^", "T")) take();
    const transposed = brackets === 2 && is("T");
    if (transposed) take();
    if (brackets === 2) expect("}", "Close the brace behind the layer.");
    return transposed;
  }
  return { sum, finish };
}

// ---------- arithmetic.py: numbers, each with a bound on its rounding ----------

const makeNumbers = (functions) => ({
  number(top, bottom) {
    const value = top / bottom;
    return [value, Number.isInteger(value) ? 0 : Math.abs(value)];
  },
  add(a, b) {
    const value = a[0] + b[0];
    return [value, a[1] + b[1] + Math.abs(value)];
  },
  negative: (a) => [-a[0], a[1]],
  times(a, b) {
    const value = a[0] * b[0];
    return [value, Math.abs(a[0]) * b[1] + Math.abs(b[0]) * a[1] + Math.abs(value)];
  },
  over(a, b) {
    if (b[0] === 0) return [NaN, NaN];
    const value = a[0] / b[0];
    return [value, (a[1] + Math.abs(value) * b[1]) / Math.abs(b[0]) + Math.abs(value)];
  },
  power(a, top, bottom) {
    const exponent = top / bottom;
    if ((a[0] < 0 && !Number.isInteger(exponent)) || (a[0] === 0 && exponent < 0)) return [NaN, NaN];
    const value = a[0] ** exponent;
    const slope = exponent === 0 ? 0 : a[0] === 0 && exponent < 1 ? NaN : Math.abs(exponent * a[0] ** (exponent - 1));
    return [value, slope * a[1] + Math.abs(value)];
  },
  call(name, primes, a) {
    const found = functions[name]([a[0]]);
    return [found[primes], Math.abs(found[primes + 1]) * a[1] + Math.abs(found[primes])];
  },
});

// ---------- values.py: matrices, with every shape insisted on ----------

const matrix = (rows, columns, entries, plain = false, identity = false) => ({ rows, columns, entries, plain, identity });
const shapeOf = ({ rows, columns }) => [rows, columns];
const sameShape = (a, b) => a.rows === b.rows && a.columns === b.columns;
const isScalar = (a) => a.rows === 1 && a.columns === 1;
const mapMatrix = (a, f) => matrix(a.rows, a.columns, a.entries.map(f), a.plain, a.identity);

function transposed(a) {
  const entries = [];
  for (let column = 0; column < a.columns; column += 1) {
    for (let row = 0; row < a.rows; row += 1) entries.push(a.entries[row * a.columns + column]);
  }
  return matrix(a.columns, a.rows, entries, a.plain, a.identity);
}

const raiseT = (name) => (/[ +\-−*/]/.test(name) ? `(${name})ᵀ` : `${name}ᵀ`);

class Evaluation {
  constructor(chars, letters, arithmetic, scaled = null) { Object.assign(this, { chars, letters, arithmetic, scaled }); }
  of(node) { return this[node.kind](node); }
  number(node) {
    const [top, bottom] = node.value, [times, over] = node === this.scaled ? [1001, 1000] : [1, 1];
    return matrix(1, 1, [this.arithmetic.number(top * times, bottom * over)], true);
  }
  letter(node) {
    const [which, row, column] = node.value, letter = this.letters[which];
    return row < 0 ? letter : matrix(1, 1, [letter.entries[row * letter.columns + column]]);
  }
  identity() { return matrix(1, 1, [this.arithmetic.number(1, 1)], true, true); }
  entry(node) {
    const inner = this.of(node.args[0]), { rows, columns, entries } = inner;
    try {
      const [row, column] = Vocabulary.prototype.entry({ rows, columns, shown: this.name(node.args[0]) }, node.value);
      return row < 0 ? inner : matrix(1, 1, [entries[row * columns + column]]);
    } catch (reason) {
      if (!(reason instanceof Misnamed)) throw reason;
      throw new Clash(reason.message, node.start, node.end);
    }
  }
  sum(node) {
    const parts = node.args.map((arg) => this.of(arg)), first = Math.max(0, parts.findIndex((part) => !part.plain));
    let total = null;
    parts.forEach((part, k) => {
      if (!sameShape(part, parts[first]) && !part.plain) {
        this.clash(node, node.args[first], parts[first], node.args[k], part, "they cannot be added.");
      }
      let signed = node.value[k] === "-" ? mapMatrix(part, this.arithmetic.negative) : part;
      if (part.identity && !isScalar(parts[first])) signed = this.spread(node, node.args[k], signed, parts[first]);
      total = total ? this.entryByEntry(this.arithmetic.add, total, signed) : signed;
    });
    return total;
  }
  spread(node, one, value, { rows, columns }) {
    if (rows !== columns) {
      const message = `${this.name(one)} is a square matrix, but it is added to one that is ${showShape([rows, columns])}.`;
      throw new Clash(message, node.start, node.end);
    }
    return this.onDiagonal(rows, () => value.entries[0]);
  }
  onDiagonal(size, entry) {
    const zero = this.arithmetic.number(0, 1);
    return matrix(size, size, Array.from({ length: size * size }, (_, k) => (k % (size + 1) ? zero : entry(k / (size + 1)))));
  }
  negative(node) { return mapMatrix(this.of(node.args[0]), this.arithmetic.negative); }
  product(node) {
    let left = this.of(node.args[0]), soFar = node.args[0];
    node.args.slice(1).forEach((arg, k) => {
      left = this.two(soFar, left, arg, this.of(arg), node.value[k + 1]);
      soFar = makeNode("product", [], [], node.args[0].start, arg.end);
    });
    return left;
  }
  two(one, a, other, b, sign) {
    const whole = { start: one.start, end: other.end };
    if (sign === "/") {
      if (isScalar(b) || a.plain || sameShape(a, b)) return this.entryByEntry(this.arithmetic.over, a, b);
      this.clash(whole, one, a, other, b, "one cannot be divided by the other.");
    }
    const column = ({ entries }) => matrix(entries.length, 1, entries), row = ({ entries }) => matrix(1, entries.length, entries);
    if (sign === "⊗") return this.matrixProduct(column(a), row(b));
    if (sign === "·" && sameShape(a, b) && (a.rows === 1 || a.columns === 1)) return this.matrixProduct(row(a), column(b));
    if (isScalar(a) || isScalar(b) || (sign === "*" && sameShape(a, b) && a.columns !== b.rows)) {
      return this.entryByEntry(this.arithmetic.times, a, b);
    }
    if (a.columns !== b.rows) {
      const so = `${this.name(one)} ${this.name(other)} does not fit.`;
      this.clash(whole, one, a, other, b, so, this.whatFits(one, a, other, b));
    }
    return this.matrixProduct(a, b);
  }
  whatFits(one, a, other, b) {
    const left = this.name(one), right = this.name(other), options = [];
    if (a.columns === b.columns) options.push(`${left} ${raiseT(right)} is ${showShape([a.rows, b.rows])}`);
    if (a.rows === b.rows) options.push(`${raiseT(left)} ${right} is ${showShape([a.columns, b.columns])}`);
    if (sameShape(a, b)) options.push(`${left} ∘ ${right} is ${showShape(shapeOf(a))}`);
    return options.length ? `${options.join(", and ")}.` : "";
  }
  matrixProduct(a, b) {
    const { add, times } = this.arithmetic, entries = [];
    for (let row = 0; row < a.rows; row += 1) {
      const left = a.entries.slice(row * a.columns, (row + 1) * a.columns);
      for (let column = 0; column < b.columns; column += 1) {
        entries.push(left.map((entry, k) => times(entry, b.entries[k * b.columns + column])).reduce(add));
      }
    }
    return matrix(a.rows, b.columns, entries, a.plain && b.plain);
  }
  entrywise(node) {
    let total = this.of(node.args[0]), first = node.args[0];
    node.args.slice(1).forEach((arg) => {
      const value = this.of(arg);
      if (!sameShape(total, value) && (node.value[0] === "⟨" || !(isScalar(total) || isScalar(value)))) {
        this.clash(node, first, total, arg, value, "the shapes must be equal.");
      }
      total = this.entryByEntry(this.arithmetic.times, total, value);
      first = { start: node.args[0].start, end: arg.end };
    });
    return total;
  }
  entryByEntry(operation, a, b) {
    const { rows, columns } = isScalar(a) ? b : a, entries = [];
    for (let k = 0; k < rows * columns; k += 1) {
      entries.push(operation(a.entries[isScalar(a) ? 0 : k], b.entries[isScalar(b) ? 0 : k]));
    }
    const plain = a.plain && b.plain;
    return matrix(rows, columns, entries, plain, plain && (a.identity || b.identity));
  }
  power(node) {
    const base = this.of(node.args[0]), [top, bottom] = node.value;
    if (isScalar(base) || base.rows !== base.columns) {
      return mapMatrix(base, (entry) => this.arithmetic.power(entry, top, bottom));
    }
    if (top < 1 || top % bottom) {
      const message = `${this.name(node.args[0])} is ${showShape(shapeOf(base))}: of a matrix there are whole powers only.`;
      throw new Clash(message, node.start, node.end);
    }
    let total = base;
    for (let k = 1; k < top / bottom; k += 1) total = this.matrixProduct(total, base);
    return total;
  }
  transpose(node) { return transposed(this.of(node.args[0])); }
  call(node) {
    const [name, primes] = node.value;
    if (node === this.scaled) return this.of(node.args[0]);
    return mapMatrix(this.of(node.args[0]), (entry) => this.arithmetic.call(name, primes, entry));
  }
  whole(node) {
    const inner = this.fitting(node, this.of(node.args[0])), { rows, entries } = inner, [name] = node.value;
    const { add, times, over, power, call } = this.arithmetic;
    if (name === "diag") return this.onDiagonal(entries.length, (k) => entries[k]);
    if (name === "softmax") {
      const powers = mapMatrix(inner, (entry) => call("exp", 0, entry)), total = powers.entries.reduce(add);
      return mapMatrix(powers, (entry) => over(entry, total));
    }
    const summed = name === "tr" ? entries.filter((_, k) => k % (rows + 1) === 0) : entries;
    const total = summed.map((entry) => (name === "norm" ? times(entry, entry) : entry)).reduce(add);
    return matrix(1, 1, [name === "norm" ? power(total, 1, 2) : total], inner.plain);
  }
  fitting(node, inner) {
    const [one] = node.args, [name] = node.value, { rows, columns, identity } = inner, isLine = rows === 1 || columns === 1;
    if ({ diag: isLine, softmax: isLine && rows !== columns, tr: rows === columns && !identity }[name] ?? true) return inner;
    throw new Clash(`${this.name(one)} is ${showShape(shapeOf(inner))}: ${name} takes ${GRAMMAR.takes[name]}.`, node.start, node.end);
  }
  clash(node, one, a, other, b, so, fits = "") {
    const shapes = `${this.name(one)} is ${showShape(shapeOf(a))} and ${this.name(other)} is ${showShape(shapeOf(b))}`;
    throw new Clash(`${shapes}: ${so}`, node.start, node.end, fits);
  }
  name(node) {
    const chars = Array.from(this.chars.slice(node.start, node.end).join("").trim());
    return chars.length <= 24 ? chars.join("") : `${chars.slice(0, 23).join("")}…`;
  }
}

// ---------- typesetting: the tree as MathML, made element by element ----------

const MATHML = "http://www.w3.org/1998/Math/MathML";
const BINDS = { sum: 1, negative: 1, entrywise: 2, product: 3, power: 5, transpose: 5 };
const GREEK = { delta: "δ", Delta: "Δ", sigma: "σ", eta: "η", yhat: "ŷ", ones: "𝟏", sigmoid: "σ", relu: "ReLU" };

function math(tag, ...kids) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...kids);
  return node;
}

function sign(text, space) {
  const node = math("mo", text);
  if (space) ["lspace", "rspace"].forEach((side) => node.setAttribute(side, space));
  return node;
}
const bracketed = (inner, open = "(", close = ")") => math("mrow", math("mo", open), inner, math("mo", close));

class Typesetter {
  constructor(letters) { this.letters = letters; }
  of(node) { return this[node.kind](node); }
  /** In brackets where it would else be read otherwise. */
  within(node, level) {
    const inner = this.of(node), binds = node.kind === "product" && node.value.at(-1) === "/" && node.args.length === 2 ? 4 : BINDS[node.kind] ?? 6;
    return binds < level ? bracketed(inner) : inner;
  }
  number(node) { return math("mn", node.value[0] / node.value[1]); }
  letter(node) {
    const [which, row, column] = node.value, { stem, layer, partial, rows, columns } = this.letters[which];
    const name = math("mi", GREEK[stem] ?? stem), above = layer === null ? [] : [bracketed(math("mn", layer))];
    const index = rows > 1 && columns > 1 ? [row + 1, column + 1] : [Math.max(row, column) + 1];
    const below = row < 0 || rows * columns === 1 ? [] : [math("mn", index.join(index.some((n) => n > 9) ? "," : ""))];
    const tag = `m${below.length ? "sub" : ""}${above.length ? "sup" : ""}`, whole = tag === "m" ? name : math(tag, name, ...below, ...above);
    return partial ? math("mfrac", math("mrow", sign("∂"), math("mi", "L")), math("mrow", sign("∂"), whole)) : whole;
  }
  sum(node) {
    return math("mrow", ...node.args.flatMap((arg, k) => {
      const term = this.within(arg, k ? 2 : 1);
      return k ? [sign(node.value[k] === "-" ? "−" : "+", ".22em"), term] : [term];
    }));
  }
  negative(node) { return math("mrow", sign("−"), this.within(node.args[0], 2)); }
  entrywise(node) {
    const [symbol, level] = node.value[0] === "⟨" ? [",", 1] : ["⊙", 3];
    return math("mrow", ...node.args.flatMap((arg, k) => [...(k ? [sign(symbol, ".2em")] : []), this.within(arg, level)]));
  }
  product(node) {
    let row = [];
    node.args.forEach((arg, k) => {
      if (node.value[k] === "/") row = [math("mfrac", math("mrow", ...row), this.of(arg))];
      else row.push(...(k ? [this.between(arg, node.value[k])] : []), this.within(arg, 4));
    });
    return math("mrow", ...row);
  }
  between(right, typed) {
    if (typed === "⊗" || typed === "·") return sign(typed, ".15em");
    return right.kind === "number" ? sign("·", ".15em") : sign("\u2062", ".08em");
  }
  power(node) {
    const [top, bottom] = node.value;
    if (top === 1 && bottom === 2) return math("msqrt", this.of(node.args[0]));
    const exponent = Number.isInteger(top / bottom) ? Math.abs(top / bottom) : `${Math.abs(top)}/${bottom}`;
    return math("msup", this.within(node.args[0], 6), math("mrow", ...(top < 0 ? [sign("−")] : []), math("mn", exponent)));
  }
  identity() { return math("mi", "I"); }
  entry(node) { return math("msub", this.within(node.args[0], 6), math("mn", node.value.join(","))); }
  transpose(node) { return math("msup", this.within(node.args[0], 6), sign("⊤")); }
  call(node) {
    const [name, primes] = node.value, symbol = math("mi", GREEK[name] ?? name);
    const head = primes ? math("msup", symbol, sign("′".repeat(primes))) : symbol;
    return math("mrow", head, bracketed(this.of(node.args[0])));
  }
  whole(node) {
    const [name] = node.value, [one] = node.args, inner = this.of(one);
    if (one.value[0] === "⟨") return bracketed(inner, "⟨", "⟩");
    return name === "norm" ? bracketed(inner, "‖", "‖") : math("mrow", math("mi", name), bracketed(inner));
  }
}

// ---------- names.py ----------

const showShape = ([rows, columns]) => `${rows} × ${columns}`;
class Misnamed extends Error {}

class Vocabulary {
  constructor(letters, functions) {
    const partials = letters.some((letter) => letter.partial) ? ["L", "l", "nabla"] : [];
    const names = new Set([...letters.map((letter) => letter.stem), ...functions, ...GRAMMAR.whole, ...Object.keys(GRAMMAR.paired), "e", "I", ...partials]);
    const spellings = Object.entries(GRAMMAR.spellings).filter(([, name]) => names.has(name));
    this.spelled = new Map([...spellings, ...[...names].map((name) => [name, name])]);
    if (!names.has("Delta") && names.has("delta")) this.spelled.set("Δ", "delta");
    Object.assign(this, { letters, functions: new Set(functions) });
    this.longest = Math.max(...[...this.spelled.keys()].map((name) => Array.from(name).length));
    this.hasPartials = letters.some((letter) => letter.partial);
    const shown = letters.map((letter) => letter.shown).join(", ");
    this.listed = shown ? `The letters here: ${shown}.` : "There are no letters here.";
  }
  isLetter(stem) { return this.letters.some((letter) => letter.stem === stem); }
  isNumber(stem) { return this.letters.every((d) => d.stem !== stem || (d.layer === null && indicesOf(d) === 0)); }
  needsLayer(stem) { return this.letters.every((d) => d.stem !== stem || d.layer !== null); }
  isLayer(stem, layer, partial) {
    return this.letters.some((d) => d.stem === stem && d.layer === layer && d.partial === partial);
  }
  find(stem, layer, digits, partial) {
    const { letters } = this;
    const same = letters.map((d, k) => k).filter((k) => letters[k].stem === stem && letters[k].partial === partial);
    if (!same.length) throw new Misnamed(`${partial ? "∂L/∂" : ""}${stem} is no letter here. ${this.listed}`);
    const plain = same.find((k) => letters[k].layer === null);
    if (plain !== undefined && (layer === null || layer === 1)) return [plain, ...this.entry(letters[plain], digits)];
    let chosen = same.filter((k) => letters[k].layer === layer), left = digits;
    if (layer === null) [chosen, left] = this.layerOf(same, digits);
    if (!chosen.length) throw new Misnamed(`Which layer? ${this.listed}`);
    return [chosen[0], ...this.entry(letters[chosen[0]], left)];
  }
  layerOf(same, digits) {
    if (!digits.length) return [same.length === 1 ? same : [], digits];
    const [first, ...rest] = digits;
    for (const [length, left] of [[first.length, rest], [1, [first.slice(1), ...rest]]]) {
      const chosen = same.filter((k) => String(this.letters[k].layer) === first.slice(0, length));
      if (chosen.length) return [chosen, left];
    }
    return [[], digits];
  }
  entry(letter, digits) {
    if (!digits.join("")) return [-1, -1];
    const readings = [digits];
    if (digits.length === 1 && digits[0].length === 2) readings.push(Array.from(digits[0]));
    for (const reading of readings) {
      const place = placeOf(letter, reading);
      if (place) return place;
    }
    const indices = indicesOf(letter), fitting = indices === 1 ? [1, 2] : [2], shape = showShape([letter.rows, letter.columns]);
    if (indices === 0 || readings.every((reading) => !fitting.includes(reading.length))) {
      const or = `. Write ${letter.shown}*${digits[0]}, or ${letter.shown}^${digits[0]} for a power`;
      const how = [`no index${or}`, "one index, as in x_1", "two indices, row and column, as in W_12"][indices];
      throw new Misnamed(`${letter.shown} is ${shape}: it takes ${how}.`);
    }
    const which = readings.at(indices === 2 ? -1 : 0).map(Number).join(", ");
    const first = digits.some((group) => Number(group) === 0) ? " The first is 1." : "";
    throw new Misnamed(`${letter.shown} is ${shape}: it has no entry ${which}.${first}`);
  }
}

const indicesOf = ({ rows, columns }) => (rows > 1 && columns > 1 ? 2 : rows > 1 || columns > 1 ? 1 : 0);

function placeOf(letter, numbers) {
  let index = numbers.map((number) => Number(number) - 1);
  if (index.length === 1 && indicesOf(letter) < 2) index = letter.columns === 1 ? [index[0], 0] : [0, index[0]];
  const [row, column] = index;
  return index.length === 2 && row >= 0 && row < letter.rows && column >= 0 && column < letter.columns ? index : null;
}

// ---------- judge.py: the verdict, and what is wrong ----------

const sizeInWords = (shape) => (shape[0] === 1 && shape[1] === 1 ? "a number" : showShape(shape));

function digits(number, count = 4) {
  if (number === 0) return "0";
  const [mantissa, power] = Math.abs(number).toExponential(count - 1).split("e"), exponent = Number(power);
  const text = exponent >= -4 && exponent <= count
    ? Number(Math.abs(number).toFixed(Math.max(0, count - 1 - exponent))) : `${Number(mantissa)}e${exponent}`;
  return number < 0 ? `−${text}` : `${text}`;
}

function asFraction(number) {
  for (let bottom = 1; bottom <= 12; bottom += 1) {
    const top = Math.round(Math.abs(number) * bottom);
    if (Math.abs(top / bottom - Math.abs(number)) < 1e-9) return `${number < 0 ? "−" : ""}${top}${bottom > 1 ? `/${bottom}` : ""}`;
  }
  return digits(number);
}

function shownValue(value) {
  if (isScalar(value)) return digits(value.entries[0][0]);
  const numbers = value.entries.map(([number]) => digits(number)), rows = [];
  const width = value.rows === 1 || value.columns === 1 ? numbers.length : value.columns;
  for (let k = 0; k < numbers.length; k += width) rows.push(numbers.slice(k, k + width).join(", "));
  return `(${rows.join("; ")})`;
}

const isDoubtful = ({ kind, value }) => (kind === "number" && value[0] !== 0) || (kind === "call" && ["relu", "softplus"].includes(value[0]) && !value[1]);
const doubtful = (node) => [...(isDoubtful(node) ? [node] : []), ...node.args.flatMap(doubtful)];
const lettersOf = (node) => (node.kind === "letter" ? [node.value[0]] : node.args.flatMap(lettersOf));

/** `(1, 2)`, or `2` of a column, where the numbers are that entry of matrices; else nothing. */
function entryOf(values, matrices) {
  const { rows, columns, entries: { length } } = matrices[0];
  for (let k = 0; k < length && length > 1; k += 1) {
    const entries = matrices.map(({ entries }) => matrix(1, 1, [entries[k]]));
    if (compare(values, entries) === "equal") return rows > 1 && columns > 1 ? `(${Math.floor(k / columns) + 1}, ${(k % columns) + 1})` : `${k + 1}`;
  }
  return "";
}

/** mend.py: each change's kind, and the changed tree. */
function* mends(node) {
  const { kind, args, value } = node;
  const put = (k, other) => ({ ...node, args: args.map((one, n) => (n === k ? other : one)) });
  if (kind === "sum") {
    for (const k of value.keys()) {
      yield ["one-sign", { ...node, value: value.map((sign, n) => (n !== k ? sign : sign === "-" ? "+" : "-")) }];
      const identity = makeNode("identity", [], []);
      if (args[k].kind === "number") yield ["no-identity", put(k, makeNode("product", [args[k], identity], ["", ""]))];
    }
  } else if (kind === "negative") yield ["one-sign", args[0]];
  else if (kind === "call" && value[1] === 0) yield ["one-prime", { ...node, value: [value[0], 1] }];
  else if (kind === "letter" && value[1] < 0) yield ["one-transpose", makeNode("transpose", [node], [], node.start, node.end)];
  else if (kind === "transpose") yield ["one-transpose", args[0]];
  for (const [k, arg] of args.entries()) {
    for (const [change, other] of mends(arg)) yield [change, put(k, other)];
  }
}

/** Judges texts for one exercise: `question` is its state, `run` and `functions` are compiled. */
class Judge {
  constructor(question, run, functions) {
    const { letters, ranges, layout } = question;
    Object.assign(this, { question, names: new Vocabulary(letters, Object.keys(functions)), arithmetic: makeNumbers(functions) });
    const sample = (point) => makeSample(run, layout, letters.length, point);
    this.makeSamples = () => {
      this.random ??= randomPoints(ranges).map(sample);
      this.readable ??= readablePoints(ranges).map(sample);
    };
  }
  judge(text) {
    let tree;
    try {
      tree = parse(text, this.names);
    } catch (reason) {
      if (!(reason instanceof Unreadable)) throw reason;
      return { verdict: "unreadable", kind: "syntax", message: reason.message, help: [reason.message], place: [reason.start, reason.end] };
    }
    this.makeSamples();
    const chars = Array.from(text);
    try {
      return this.compareAt(chars, tree, this.random.map((sample) => this.value(chars, tree, sample)));
    } catch (clash) {
      if (!(clash instanceof Clash)) throw clash;
      const { asked, like } = this.question, wanted = `${asked} is ${sizeInWords(shapeOf(this.random[0].truth))}${like}.`;
      return this.wrong("shape", clash.message, [wanted], tree, [clash.start, clash.end], clash.fits);
    }
  }
  compareAt(chars, tree, values) {
    const truths = this.random.map((sample) => sample.truth), shape = shapeOf(values[0]);
    const none = values.findIndex((value, k) => !finite(value) && finite(truths[k]));
    if (none >= 0) {
      const where = this.where(tree, this.random[none], "at") || "anywhere";
      return { ...this.wrong("no-value", `Your formula has no value ${where}.`, [], tree), shape };
    }
    const alike = compare(values, truths);
    const idle = alike === "equal" && this.idle(chars, tree, values);
    if (idle) return { ...idle, shape };
    if (alike === "equal") return { verdict: "right", kind: "right", message: "Right.", help: [], place: null, tree, shape };
    if (alike === "rough") {
      const message = "Large numbers cancel here, and with them the digits. Write it in a simpler form.";
      return { verdict: "unreadable", kind: "rounding", message, help: [message], place: [tree.start, tree.end], tree, shape };
    }
    let [kind, message] = this.kind(values, truths);
    if (kind === "differs") [kind, message] = this.mended(chars, tree) ?? [kind, message];
    const shown = sameShape(values[0], truths[0]) ? [this.difference(chars, tree, values)] : [];
    return { ...this.wrong(kind, message, shown, tree), shape };
  }
  idle(chars, tree, values) {
    const moves = (number) => this.random.some((sample, k) => moved(this.value(chars, tree, sample, number), values[k], sample.truth));
    const part = doubtful(tree).find((one) => !moves(one));
    if (!part) return null;
    const written = chars.slice(part.start, part.end).join("").replace(/^[([{ ]+|[)\]} ]+$/g, "");
    const message = `${part.kind === "call" ? part.value[0] : `The number ${written}`} changes nothing that could be seen. Take it out.`;
    return { verdict: "unreadable", kind: "rounding", message, help: [message], place: [part.start, part.end], tree };
  }
  get fits() {
    const [{ truth }] = this.random;
    return isScalar(truth) ? "" : `The shape fits, ${showShape(shapeOf(truth))}. `;
  }
  kind(values, truths) {
    const { asked, like } = this.question, mine = shapeOf(values[0]), real = shapeOf(truths[0]), { fits } = this;
    const same = sameShape(values[0], truths[0]), slip = this.slip(values);
    if (slip) return slip;
    const factor = proportion(values, truths);
    if (factor === -1) return ["sign", `${fits}It is right up to the sign.`];
    if (factor) return ["factor", `${fits}It is right up to a factor: yours is ${asFraction(factor)} times ${asked}.`];
    if (compare(values.map(transposed), truths) === "equal") {
      const clash = `The shapes clash: yours is ${sizeInWords(mine)}, but ${asked} is ${sizeInWords(real)}${like}. `;
      return ["transposed", `${same ? fits : clash}Yours is the transpose.`];
    }
    const found = isScalar(values[0]) && this.oneEntry(values, truths);
    if (found) return found;
    if (!same) return ["shape", `Yours is ${sizeInWords(mine)}, but ${asked} is ${sizeInWords(real)}${like}.`];
    return ["differs", fits ? `${fits.slice(0, -2)}, but the values differ.` : "The values differ."];
  }
  slipsAt(k) { return this.random.map((sample) => sample.slips[k]); }
  slip(values) { return this.question.slips.find((_, k) => compare(values, this.slipsAt(k)) === "equal"); }
  oneEntry(values, truths) {
    const { asked, slips } = this.question, place = entryOf(values, truths);
    if (place) return ["one-entry", `That is entry ${place} of ${asked}. The whole is asked, ${showShape(shapeOf(truths[0]))}.`];
    for (const [k, [kind, message]] of slips.entries()) {
      const where = kind === "other-derivative" && entryOf(values, this.slipsAt(k));
      if (where) return [kind, message.replace("That is", `That is entry ${where} of`)];
    }
    return null;
  }
  mended(chars, tree) {
    let left = GRAMMAR.most;
    for (const [kind, other] of mends(tree)) {
      left -= 1;
      if (left < 0) break;
      if (this.random.every((sample) => this.agrees(chars, other, sample))) {
        return [kind, `${this.fits}It is right but for ${GRAMMAR.changes[kind]}.`];
      }
    }
    return null;
  }
  agrees(chars, tree, sample) {
    try {
      return compare([this.value(chars, tree, sample)], [sample.truth]) === "equal";
    } catch (clash) {
      if (!(clash instanceof Clash)) throw clash;
      return false;
    }
  }
  difference(chars, tree, values) {
    const found = [
      ...this.readable.map((sample) => [this.value(chars, tree, sample), sample]),
      ...this.random.map((sample, k) => [values[k], sample]),
    ];
    const seen = (clearly) => found.find(([value, sample]) => apart(value, sample.truth, clearly));
    const [mine, sample] = seen(true) ?? seen(false);
    const gaps = mine.entries.map(([u], k) => Math.abs(u - sample.truth.entries[k][0])), most = (1 - 1e-9) * Math.max(...gaps);
    const k = gaps.findIndex((gap) => gap >= most);
    const entry = gaps.length > 1 ? `, entry (${Math.floor(k / mine.columns) + 1}, ${(k % mine.columns) + 1})` : "";
    let [u, t] = [mine, sample.truth].map((value) => digits(value.entries[k][0]));
    if (u === t) [u, t] = [mine, sample.truth].map((value) => digits(value.entries[k][0], 12));
    const where = this.where(tree, sample, "At") || "Everywhere";
    return `${where}${entry} yours is ${u}, but ${this.question.asked} is ${t}.`;
  }
  where(tree, sample, at) {
    const used = [...new Set(lettersOf(tree))].sort((a, b) => a - b);
    const parts = used.map((k) => `${this.names.letters[k].shown} = ${shownValue(sample.letters[k])}`);
    return parts.length ? `${at} ${parts.join(", ")}` : "";
  }
  value(chars, tree, sample, scaled = null) { return new Evaluation(chars, sample.letters, this.arithmetic, scaled).of(tree); }
  wrong(kind, message, shown, tree, place = null, last = "") {
    const help = [message, ...shown, ...this.question.hints, ...(last ? [last] : [])];
    return { verdict: "wrong", kind, message, help, place, tree };
  }
}

// ---------- compare.py ----------

const CLOSE = 1e-11, ROUNDING = 16 * 2 ** -52, ROUGH = 1e-7, SEEN = 1e-10, CLEAR = 1e-2;

function compare(values, truths) {
  let rough = false;
  for (let k = 0; k < values.length; k += 1) {
    const value = values[k], truth = truths[k];
    if (!sameShape(value, truth)) return "different";
    const size = Math.max(...truth.entries.map(([t]) => Math.abs(t)));
    for (let n = 0; n < value.entries.length; n += 1) {
      const [u, error] = value.entries[n], [t] = truth.entries[n], lost = ROUNDING * error;
      if (!(Math.abs(u - t) <= CLOSE * Math.max(Math.abs(u), Math.abs(t)) + 1e-13 * size + lost)) return "different";
      rough ||= lost > ROUGH * (size + 1e-3);
    }
  }
  return rough ? "rough" : "equal";
}

function proportion(values, truths) {
  if (!sameShape(values[0], truths[0])) return 0;
  const mine = values[0].entries, real = truths[0].entries, add = (total, number) => total + number;
  const square = real.map(([t]) => t * t).reduce(add);
  if (square === 0 || !Number.isFinite(square)) return 0;
  let factor = mine.map(([u], k) => u * real[k][0]).reduce(add) / square;
  if (!Number.isFinite(factor) || Math.abs(factor) < 1e-9) return 0;
  if (Math.abs(factor + 1) < 1e-9) factor = -1;
  const scaled = truths.map((truth) => mapMatrix(truth, ([t, error]) => [factor * t, error]));
  return compare(values, scaled) === "equal" ? factor : 0;
}

function moved(value, before, truth) {
  const size = Math.max(...truth.entries.map(([t]) => Math.abs(t)));
  return value.entries.some(([u], k) => !(Math.abs(u - before.entries[k][0]) <= SEEN * size));
}

const finite = (value) => value.entries.every(([number, error]) => Number.isFinite(number) && Number.isFinite(error));

function apart(value, truth, clearly) {
  if (!(finite(value) && finite(truth))) return false;
  if (!clearly) return compare([value], [truth]) === "different";
  return value.entries.some(([u], k) => {
    const t = truth.entries[k][0];
    return Math.abs(u - t) > CLEAR * Math.max(Math.abs(u), Math.abs(t), 1);
  });
}

// ---------- points.py and program.py: the points, and what the compiled program computes there ----------

function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomPoints(ranges) {
  const draw = makeRandom(2016), scales = [1, 0.5, 2, 3];
  return Array.from({ length: 12 }, (_, k) => ranges.map((limits) => {
    const [low, high] = limits ?? [-scales[k % 4], scales[k % 4]];
    return low + (high - low) * draw();
  }));
}

function readablePoints(ranges) {
  const small = [1, 2, -1, 3, -2, 0.5, -3];
  return Array.from({ length: 7 }, (_, turn) => ranges.map((limits, k) => (
    limits ? limits[0] + ((limits[1] - limits[0]) * (1 + ((k + turn) % 3))) / 4 : small[(k + turn) % 7])));
}

/** The letters, the truth and the slips at one point. */
function makeSample(run, layout, count, point) {
  const numbers = run(point);
  let at = 0;
  const values = layout.map(([rows, columns]) => {
    const entries = numbers.slice(at, at + rows * columns);
    at += rows * columns;
    const error = 4 * Math.max(...entries.map(Math.abs));
    return matrix(rows, columns, entries.map((entry) => [entry, error]));
  });
  return { letters: values.slice(0, count), truth: values[count], slips: values.slice(count + 1) };
}
