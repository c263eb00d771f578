/* Follows the numbers of a figure through its module and reports what is calculated from them.
 *
 * A points-to analysis of the parsed module: which variables, entries and results can hold a number that came from the
 * compiled program, from the reader's inputs or from the page. Reported is each operator and each Math function that
 * takes one, with the functions it stands in; and, wherever they stand, powers, Math.exp and their like, and eval.
 *
 * node --expose-internals arithmetic.js < {name: text} > {name: [{what, code, within}]} */
"use strict";
const acorn = require("internal/deps/acorn/acorn/dist/acorn");

const ARITHMETIC = new Set(["*", "/", "%", "-", "+", "**", "<<", ">>", ">>>", "&", "|", "^"]);
const ORDER = new Set(["<", ">", "<=", ">="]);
const NEVER = new Set(["exp", "expm1", "log", "log1p", "log2", "log10", "pow", "sqrt", "cbrt", "tanh", "sinh", "cosh", "atanh",
  "asinh", "acosh", "sin", "cos", "tan", "asin", "acos", "atan", "fround", "f16round", "imul", "sumPrecise"]);
const SPELLED = new Set(["toFixed", "toExponential", "toPrecision", "toString", "toLocaleString", "join", "replaceAll", "replace",
  "padStart", "padEnd", "slice", "trim", "repeat"]);
const STATE = new Set(["inputs", "start", "outputs"]);              // what the model holds of numbers
const ALL = "*";

class Val {
  constructor() { this.number = false; this.text = false; this.fns = new Set(); this.objs = new Set(); }
}
let changed;
const flag = (val, key) => { if (!val[key]) { val[key] = true; changed = true; } };
/** Everything that `from` can be, `to` can be as well. */
function flow(to, from) {
  if (!from || to === from) return to;
  if (from.number) flag(to, "number");
  for (const key of ["fns", "objs"]) {
    for (const one of from[key]) if (!to[key].has(one)) { to[key].add(one); changed = true; }
  }
  return to;
}
const union = (...vals) => {
  const before = changed, all = new Val();
  for (const val of vals) { flow(all, val); if (val?.text) all.text = true; }
  changed = before;                                                  // a value in passing: nothing has been learnt
  return all;
};
const aNumber = () => Object.assign(new Val(), { number: true });
const aText = (...vals) => Object.assign(union(...vals), { text: true });

function analyse(text) {
  const tree = acorn.parse(text, { ecmaVersion: "latest", sourceType: "module" });
  const found = new Map(), sites = new Map(), results = new Map(), named = new Map();
  let stack = [], reporting = false;

  const at = (map, key, make) => { if (!map.has(key)) map.set(key, make()); return map.get(key); };
  const site = (node) => at(sites, node, () => ({ entries: new Map() }));
  const entry = (object, key) => at(object.entries, key, () => new Val());
  const holder = (node) => { const val = new Val(); val.objs.add(site(node)); return val; };
  const result = (fn) => at(results, fn, () => new Val());
  const report = (what, node) => {
    if (reporting) found.set(node, { what, code: text.slice(node.start, node.end).replace(/\s+/g, " ").slice(0, 120), within: stack.filter(Boolean) });
  };

  /** What can be read from a value under a key; without one, whatever is in it. */
  function read(val, key) {
    if (key === "length" || key === "size") return new Val();
    const parts = [];
    if (val.number) parts.push(aNumber());
    for (const object of val.objs) {
      if (key === undefined) parts.push(...object.entries.values());
      else parts.push(object.entries.get(key), object.list && /\D/.test(key) ? undefined : object.entries.get(ALL));
    }
    return union(...parts.filter(Boolean));
  }
  function write(val, key, value) {
    for (const object of val.objs) flow(entry(object, key ?? ALL), value);
  }

  // ---- names ----
  const scopes = [];
  const declare = (name) => { const top = scopes.at(-1); if (!top.has(name)) top.set(name, new Val()); return top.get(name); };
  const lookup = (name) => { for (let k = scopes.length - 1; k >= 0; k -= 1) if (scopes[k].has(name)) return scopes[k].get(name); return null; };
  const kept = new Map();                                            // the same scope at every round
  const inScope = (node, act) => { scopes.push(at(kept, node, () => new Map())); try { return act(); } finally { scopes.pop(); } };
  const closures = new Map();

  function patternNames(pattern) {
    switch (pattern?.type) {
      case "Identifier": return [pattern.name];
      case "ObjectPattern": return pattern.properties.flatMap((p) => patternNames(p.value ?? p.argument));
      case "ArrayPattern": return pattern.elements.flatMap(patternNames);
      case "AssignmentPattern": return patternNames(pattern.left);
      case "RestElement": return patternNames(pattern.argument);
      default: return [];
    }
  }
  function hoist(body) {
    for (const node of body) {
      if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") declare(node.id.name);
      if (node.type === "VariableDeclaration") node.declarations.flatMap((d) => patternNames(d.id)).forEach(declare);
    }
  }
  const keyOf = (node) => (node.computed ? (node.property ?? node.key).value
    : (node.property ?? node.key).name ?? String((node.property ?? node.key).value));

  function assign(pattern, val) {
    switch (pattern?.type) {
      case "Identifier": { const to = lookup(pattern.name); if (to) { flow(to, val); if (val.text && !val.number) to.text = true; } break; }
      case "MemberExpression": {
        const key = pattern.computed ? (evaluate(pattern.property), pattern.property.value) : pattern.property.name;
        write(evaluate(pattern.object), key, val);
        break;
      }
      case "ObjectPattern":
        for (const p of pattern.properties) {
          if (p.type === "RestElement") assign(p.argument, val);
          else { if (p.computed) evaluate(p.key); assign(p.value, read(val, p.computed ? undefined : p.key.name ?? p.key.value)); }
        }
        break;
      case "ArrayPattern": pattern.elements.forEach((p, k) => {
        if (p?.type === "RestElement") assign(p.argument, val);
        else assign(p, read(val, isTuple(val) ? String(k) : undefined));
      }); break;
      case "AssignmentPattern": assign(pattern.left, union(val, evaluate(pattern.right))); break;
      case "RestElement": assign(pattern.argument, val); break;
      default:
    }
  }
  const isTuple = (val) => !val.number && [...val.objs].every((object) => object.tuple);

  // ---- functions ----
  function call(fn, args) {
    if (!closures.has(fn)) return new Val();
    const own = at(kept, fn, () => new Map()), saved = scopes.splice(0, scopes.length, ...closures.get(fn), own);
    fn.params.flatMap(patternNames).forEach(declare);
    fn.params.forEach((param, k) => {
      if (param.type === "RestElement") assign(param.argument, arrayOf(fn.params[k], args.slice(k)));
      else assign(param, args[k] ?? args.spread ?? new Val());
    });
    scopes.splice(0, scopes.length, ...saved);
    return result(fn);
  }
  function arrayOf(node, vals) {
    const val = holder(node);
    vals.forEach((one) => write(val, ALL, one));
    return val;
  }
  function aFunction(node, name) {
    const val = new Val();
    val.fns.add(node);
    if (!closures.has(node)) { closures.set(node, [...scopes]); changed = true; }
    if (name) at(named, name, () => new Set()).add(node);
    stack.push(node.id?.name ?? name ?? "");
    inScope(node, () => {
      node.params.flatMap(patternNames).forEach(declare);
      node.params.forEach((param) => assign(param, new Val()));
      if (node.expression) flow(result(node), evaluate(node.body));
      else { const list = node.body.body; hoist(list); list.forEach((one) => run(one, node)); }
    });
    stack.pop();
    return val;
  }

  // ---- expressions ----
  const MATH = (node) => node.type === "MemberExpression" && node.object.type === "Identifier" && node.object.name === "Math";
  function calls(node) {
    const callee = node.callee.type === "ChainExpression" ? node.callee.expression : node.callee;
    const args = [];
    for (const arg of node.arguments) {
      if (arg.type === "SpreadElement") { args.spread = union(args.spread, read(evaluate(arg.argument))); args.push(args.spread); }
      else args.push(evaluate(arg, arg.type.endsWith("FunctionExpression") ? "" : undefined));
    }
    const touched = args.some((arg) => arg.number);
    if (callee.type === "Identifier") {
      if (callee.name === "eval" || callee.name === "Function") report("code out of a text", node);
      if (["Number", "parseFloat", "parseInt", "BigInt"].includes(callee.name)) {
        return args[0]?.number || /\.(value|textContent|innerText|innerHTML|ariaLabel)$/.test(text.slice(node.arguments[0]?.start, node.arguments[0]?.end)) ? aNumber() : new Val();
      }
      if (callee.name === "String") return aText(...args);
    }
    if (callee.type !== "MemberExpression") {
      const target = evaluate(callee);
      return union(...[...target.fns].map((fn) => call(fn, args)), callee.name === "run" ? aNumber() : undefined);
    }
    if (MATH(callee)) {
      const name = keyOf(callee);
      if (callee.computed || NEVER.has(name)) report("a function of Math", node);
      else if (touched || args.some((arg) => read(arg).number)) report("a function of Math", node);
      return touched || args.some((arg) => read(arg).number) ? aNumber() : new Val();
    }
    const receiver = callee.object.name === "Math" ? new Val() : evaluate(callee.object), key = callee.computed ? (evaluate(callee.property), callee.property.value) : callee.property.name;
    if (key === "get" && STATE.has(node.arguments[0]?.value)) return aNumber();
    if (/\bvariants\b/.test(text.slice(callee.start, callee.end))) return aNumber();
    if (callee.object.type === "Identifier" && ["Object", "Array", "JSON", "Reflect", "Number"].includes(callee.object.name)) {
      if (["keys", "hasOwn", "is", "isFinite", "isInteger", "isNaN", "isArray"].includes(key)) return new Val();
      if (key === "stringify") return aText(...args);
      if (key === "from") {                                          // the length of a list is in none of its entries
        const list = arrayOf(node, [read(args[0], ALL), ...args.slice(1).flatMap((arg) => [...arg.fns]).map((fn) => call(fn, [read(args[0], ALL)]))]);
        site(node).list = true;
        return args[0].number ? union(list, aNumber()) : list;
      }
      if (key === "assign") args.slice(1).forEach((arg) => { write(args[0], ALL, read(arg)); });
      const inner = arrayOf(node, args.map((arg) => read(arg)));
      if (args.some((arg) => arg.number)) write(inner, ALL, aNumber());
      for (const fn of args.flatMap((arg) => [...arg.fns])) write(inner, ALL, call(fn, [read(args[0] ?? new Val())]));
      return union(inner, touched ? aNumber() : undefined);
    }
    if (SPELLED.has(key) && receiver.number && !receiver.objs.size) return aText(receiver);
    const own = read(receiver, key).fns;
    if (own.size) return union(...[...own].map((fn) => call(fn, args)));
    const inside = read(receiver), more = [];
    if (["push", "unshift", "add", "fill", "concat"].includes(key)) args.forEach((arg) => write(receiver, ALL, arg));
    if (key === "set" && args.length === 2) write(receiver, ALL, args[1]);
    const handed = args.flatMap((arg) => [...arg.fns]);
    if (receiver.objs.size || receiver.number || handed.length) {    // map, forEach, reduce, then, addEventListener …
      const made = holder(node);
      site(node).list = true;
      for (const fn of handed) {
        const back = call(fn, key?.startsWith("reduce") ? [union(inside, ...args.slice(1), result(fn)), inside] : [inside]);
        write(made, ALL, key === "flatMap" ? union(back, read(back)) : back);
      }
      if (!["map", "flatMap"].includes(key)) { write(made, ALL, inside); more.push(...args.slice(1)); }
      if (["find", "at", "pop", "shift", "reduce", "findLast", "get", "reduceRight"].includes(key)) return union(read(made), ...more);
      if (["includes", "indexOf", "some", "every", "findIndex", "has", "forEach", "push"].includes(key)) return new Val();
      return key === "join" ? aText(inside) : union(made, receiver.number ? aNumber() : undefined, ...more);
    }
    const model = /\bmodel$/.test(text.slice(callee.object.start, callee.object.end));   // Jupyter's, or host.js's: no part
    if (!receiver.objs.size && !model && named.has(key)) return union(...[...named.get(key)].map((fn) => call(fn, args)));
    return touched && SPELLED.has(key) ? aText(...args) : new Val();
  }
  function operate(op, left, right, node) {
    if (op === "**") report("a power", node);
    if (op === "+" && (left.text || right.text)) return aText(left, right);
    if (!ARITHMETIC.has(op)) return new Val();
    if (!left.number && !right.number) return new Val();
    const counts = (op === "+" || op === "-") && [node.left, node.right].some((one) => Number.isInteger(one?.value));
    if (counts) return aNumber();                                    // k − 1: a place in a list
    report(`the operator ${op}`, node);
    return aNumber();
  }
  function evaluate(node, name) {
    switch (node?.type) {
      case "Literal": return typeof node.value === "string" ? aText() : new Val();
      case "TemplateLiteral": return aText(...node.expressions.map((e) => evaluate(e)));
      case "Identifier":
        if (["Math", "eval", "Function"].includes(node.name) && !lookup(node.name)) report(`${node.name} by another name`, node);
        return lookup(node.name) ?? new Val();
      case "ArrowFunctionExpression": case "FunctionExpression": return aFunction(node, name);
      case "ChainExpression": case "ParenthesizedExpression": return evaluate(node.expression);
      case "AwaitExpression": case "SpreadElement": case "YieldExpression": return evaluate(node.argument);
      case "SequenceExpression": return node.expressions.map((e) => evaluate(e)).at(-1);
      case "CallExpression": return calls(node);
      case "NewExpression": {
        if (node.callee.name === "Function") report("code out of a text", node);
        evaluate(node.callee);
        return arrayOf(node, node.arguments.map((arg) => { const val = evaluate(arg); return union(val, read(val)); }));
      }
      case "MemberExpression": {
        const val = node.object.name === "Math" ? new Val() : evaluate(node.object), key = keyOf(node);
        if (node.computed) evaluate(node.property);
        if (MATH(node) && reporting && !found.has(node) && (NEVER.has(key) || node.computed)) report("a function of Math", node);
        if (key === "valueAsNumber") return aNumber();
        if (key === "value" && /\bdataset$/.test(text.slice(node.object.start, node.object.end))) return aNumber();
        return read(val, node.computed && typeof node.property.value !== "string" ? undefined : key);
      }
      case "ArrayExpression": {
        const val = holder(node), object = site(node);
        object.list = true;
        object.tuple = node.elements.length > 0 && node.elements.every((e) => e && e.type !== "SpreadElement");
        node.elements.forEach((e, k) => {
          if (!e) return;
          const one = evaluate(e);
          write(val, object.tuple ? String(k) : ALL, e.type === "SpreadElement" ? read(one) : one);
        });
        return val;
      }
      case "ObjectExpression": {
        const val = holder(node);
        for (const p of node.properties) {
          if (p.type === "SpreadElement") {
            const spread = evaluate(p.argument);
            if (spread.number) write(val, ALL, aNumber());
            for (const object of spread.objs) for (const [key, one] of object.entries) write(val, key, one);
            continue;
          }
          if (p.computed) evaluate(p.key);
          const key = p.computed ? p.key.value : p.key.name ?? String(p.key.value), one = evaluate(p.value, key);
          for (const fn of one.fns) at(named, key, () => new Set()).add(fn);
          write(val, key, one);
        }
        return val;
      }
      case "ClassExpression": case "ClassDeclaration":
        evaluate(node.superClass);
        node.body.body.forEach((m) => { if (m.value) evaluate(m.value, m.key.name); else if (m.body) m.body.forEach((one) => run(one)); });
        return new Val();
      case "AssignmentExpression": {
        const right = evaluate(node.right, node.left.name);
        if (node.operator === "=" || ["??=", "||=", "&&="].includes(node.operator)) { assign(node.left, right); return right; }
        const sum = operate(node.operator.slice(0, -1), evaluate(node.left), right, node);
        assign(node.left, sum);
        return sum;
      }
      case "UnaryExpression": {
        const val = evaluate(node.argument);
        if (!["-", "+", "~"].includes(node.operator)) return new Val();
        if (val.number && node.operator !== "+") report(`the sign ${node.operator}`, node);
        return val.number ? aNumber() : new Val();
      }
      case "UpdateExpression": {
        const val = evaluate(node.argument);
        if (val.number) report(`the operator ${node.operator}`, node);
        return val;
      }
      case "BinaryExpression": return operate(node.operator, evaluate(node.left), evaluate(node.right), node);
      case "LogicalExpression": return union(evaluate(node.left), evaluate(node.right));
      case "ConditionalExpression": {
        evaluate(node.test);
        const [yes, no] = [evaluate(node.consequent), evaluate(node.alternate)];
        const compares = node.test.type === "BinaryExpression" && ORDER.has(node.test.operator)
          && (evaluate(node.test.left).number || evaluate(node.test.right).number);
        if (compares && ((yes.number && !yes.text) || (no.number && !no.text))) report("a choice by size", node);
        return union(yes, no);
      }
      case "TaggedTemplateExpression": evaluate(node.tag); evaluate(node.quasi); return new Val();
      default: return new Val();
    }
  }

  // ---- statements ----
  function run(node, fn) {
    const all = (list) => list.forEach((one) => run(one, fn));
    switch (node?.type) {
      case "ExpressionStatement": evaluate(node.expression); break;
      case "VariableDeclaration":
        for (const d of node.declarations) if (d.init) assign(d.id, evaluate(d.init, d.id.name));
        break;
      case "FunctionDeclaration": assign(node.id, aFunction(node, node.id.name)); break;
      case "ClassDeclaration": evaluate(node); break;
      case "ReturnStatement": if (node.argument && fn) { const val = evaluate(node.argument); flow(result(fn), val); if (val.text) result(fn).text = true; } break;
      case "BlockStatement": case "StaticBlock": inScope(node, () => { hoist(node.body); all(node.body); }); break;
      case "IfStatement": {
        evaluate(node.test);
        run(node.consequent, fn);
        run(node.alternate, fn);
        break;
      }
      case "ForStatement": inScope(node, () => {
        if (node.init?.type === "VariableDeclaration") { hoist([node.init]); run(node.init, fn); } else evaluate(node.init);
        evaluate(node.test); evaluate(node.update); run(node.body, fn);
      }); break;
      case "ForOfStatement": case "ForInStatement": inScope(node, () => {
        const many = node.type === "ForOfStatement" ? read(evaluate(node.right)) : new Val();
        if (node.left.type === "VariableDeclaration") { hoist([node.left]); assign(node.left.declarations[0].id, many); } else assign(node.left, many);
        run(node.body, fn);
      }); break;
      case "WhileStatement": case "DoWhileStatement": evaluate(node.test); run(node.body, fn); break;
      case "TryStatement": run(node.block, fn);
        if (node.handler) inScope(node.handler, () => { patternNames(node.handler.param).forEach(declare); run(node.handler.body, fn); });
        run(node.finalizer, fn); break;
      case "SwitchStatement": evaluate(node.discriminant); inScope(node, () => {
        hoist(node.cases.flatMap((c) => c.consequent));
        node.cases.forEach((c) => { evaluate(c.test); all(c.consequent); });
      }); break;
      case "LabeledStatement": run(node.body, fn); break;
      case "ThrowStatement": evaluate(node.argument); break;
      case "ExportNamedDeclaration": case "ExportDefaultDeclaration":
        if (node.declaration?.type?.endsWith("Declaration")) run(node.declaration); else evaluate(node.declaration);
        break;
      default:
    }
  }
  const round = () => { changed = false; stack = []; inScope(tree, () => { hoist(tree.body); tree.body.forEach((one) => run(one)); }); return changed; };
  let rounds = 0;
  while (round()) if ((rounds += 1) > 200) throw new Error("the analysis does not come to rest");
  reporting = true;
  round();
  return [...found.values()];
}

const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => {
  const modules = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(modules).map(([name, text]) => [name, analyse(text)]))));
});
