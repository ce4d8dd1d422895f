/**
 * Puts counters into JavaScript: one for each function, each outcome of a condition, each case, each right-hand side of `&&`, `||`
 * and `??`, and each round of a loop over items. No line moves, so that a stack trace is still true.
 */
import ts from 'typescript';

/** What an instrumented module calls once, when it is loaded. */
export const HOOK = '$guruconnectFuzz';

export interface Instrumented {
  readonly source: string;
  /** Counters in it. */
  readonly count: number;
}

interface Edit {
  readonly at: number;
  readonly text: string;
  readonly closes: boolean;
  readonly order: number;
}

/** At the same place what ends comes before what begins, and what began last ends first. */
const inOrder = (a: Edit, b: Edit): number => {
  if (a.at !== b.at) return a.at - b.at;
  if (a.closes !== b.closes) return a.closes ? -1 : 1;
  return a.closes ? b.order - a.order : a.order - b.order;
};

const apply = (source: string, edits: readonly Edit[]): string => {
  let text = '';
  let at = 0;
  for (const edit of [...edits].sort(inOrder)) {
    text += source.slice(at, edit.at) + edit.text;
    at = edit.at;
  }
  return text + source.slice(at);
};

const LAZY: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

const conditionOf = (node: ts.Node): ts.Expression | undefined => {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) || ts.isForStatement(node) ? node.condition : undefined;
};

const lazyOf = (node: ts.Node): ts.Expression | undefined =>
  ts.isBinaryExpression(node) && LAZY.has(node.operatorToken.kind) ? node.right : undefined;

const bodyOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isFunctionLike(node)) return (node as ts.FunctionLikeDeclaration).body;
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return node.statement;
  return ts.isCatchClause(node) ? node.block : undefined;
};

/** Texts in a source: those that a parser compares with are what an input should hold. */
const literalOf = (node: ts.Node): string | undefined =>
  ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent) ? node.text : undefined;

/** @param name tells the module from the others. */
export const instrument = (source: string, name: string): Instrumented => {
  const file = ts.createSourceFile('module.js', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const edits: Edit[] = [];
  const words = new Set<string>();
  let count = 0;
  const next = (): string => `$c[${count++}]++`;
  const insert = (at: number, text: string, closes = false): void => {
    edits.push({ at, text, closes, order: edits.length });
  };
  const around = (node: ts.Node, before: string, after: string): void => {
    insert(node.getStart(file), before);
    insert(node.getEnd(), after, true);
  };
  const visit = (node: ts.Node): void => {
    const literal = literalOf(node);
    if (literal !== undefined) words.add(literal);
    const condition = conditionOf(node);
    if (condition !== undefined) around(condition, '((', `)?(${next()},true):(${next()},false))`);
    const lazy = lazyOf(node);
    if (lazy !== undefined) around(lazy, `(${next()},`, ')');
    const body = bodyOf(node);
    if (body === undefined) {
      if (ts.isCaseOrDefaultClause(node)) insert(caseStart(node, file), `${next()};`);
    } else if (ts.isBlock(body)) insert(body.getStart(file) + 1, `${next()};`);
    else if (ts.isExpression(body)) around(body, `(${next()},`, ')');
    else around(body, `{${next()};`, '}');
    ts.forEachChild(node, visit);
  };
  visit(file);
  const texts = JSON.stringify([...words]);
  const head = `const $c=globalThis.${HOOK}(${JSON.stringify(name)},${count},${texts});`;
  return { source: head + apply(source, edits), count };
};

/** Behind the colon. */
const caseStart = (node: ts.CaseOrDefaultClause, file: ts.SourceFile): number => {
  const from = ts.isCaseClause(node) ? node.expression.getEnd() : node.getStart(file);
  return file.text.indexOf(':', from) + 1;
};
