/**
 * What a source file says, read with the real parsers: its imports, its exported constants, its uses of the machine's
 * clock and chance. Svelte components are read by Svelte's parser: both scripts, and every expression in the markup.
 */
import { parse as parseSvelte } from 'svelte/compiler';
import ts from 'typescript';

export interface SourceFile {
  /** From the project's top, with `/` on every system. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Whether it leaves nothing at run time. */
  readonly typeOnly: boolean;
  /** Names taken as values; `*` for a whole module, `default` for its default. */
  readonly valueNames: readonly string[];
}

/** A place where the machine is asked for time, a timer or randomness. */
export interface MachineUse {
  readonly what: string;
  readonly line: number;
}

export interface ParsedSource extends SourceFile {
  readonly imports: readonly Import[];
  readonly machineUses: readonly MachineUse[];
  /** Exported `const`s that are data rather than functions. */
  readonly constants: ReadonlySet<string>;
  /** Whether the file does nothing but pass on what others export. */
  readonly onlyReExports: boolean;
}

/** Reads one file. Throws where a Svelte component does not parse. */
export const parseSource = (file: SourceFile): ParsedSource => {
  const code = file.path.endsWith('.svelte') ? svelteToScript(file.text) : file.text;
  const tree = ts.createSourceFile(file.path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const machineUses: MachineUse[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, line: lineOf(tree, node) });
    const what = machineUseOf(node);
    if (what !== undefined) machineUses.push({ what, line: lineOf(tree, node) });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { ...file, imports, machineUses, constants: constantsOf(tree), onlyReExports: onlyReExports(tree) };
};

const lineOf = (tree: ts.SourceFile, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

const importOf = (node: ts.Node): Omit<Import, 'line'> | undefined => {
  if (ts.isImportDeclaration(node)) return declaredImport(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    const clause = node.exportClause;
    const names = clause !== undefined && ts.isNamedExports(clause) ? valueNamesOf(clause.elements) : ['*'];
    return withNames(node.moduleSpecifier, node.isTypeOnly, names);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return withNames(node.argument.literal, true, []);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument === undefined ? undefined : withNames(argument, false, ['*']);
  }
  return undefined;
};

const declaredImport = (node: ts.ImportDeclaration): Omit<Import, 'line'> | undefined => {
  const clause = node.importClause;
  if (clause === undefined) return withNames(node.moduleSpecifier, false, ['*']);
  const typeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const names = clause.name === undefined ? [] : ['default'];
  const bindings = clause.namedBindings;
  if (bindings !== undefined) names.push(...(ts.isNamespaceImport(bindings) ? ['*'] : valueNamesOf(bindings.elements)));
  return withNames(node.moduleSpecifier, typeOnly, names);
};

const valueNamesOf = (elements: ReadonlyArray<ts.ImportSpecifier | ts.ExportSpecifier>): string[] =>
  elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text);

const withNames = (
  specifier: ts.Node,
  typeOnly: boolean,
  names: readonly string[]
): Omit<Import, 'line'> | undefined =>
  ts.isStringLiteralLike(specifier)
    ? { specifier: specifier.text, typeOnly: typeOnly || names.length === 0, valueNames: typeOnly ? [] : names }
    : undefined;

const machineProperties: ReadonlyMap<string, readonly string[]> = new Map([
  ['Date', ['now']],
  ['Math', ['random']],
  ['performance', ['now']],
  ['crypto', ['getRandomValues', 'randomUUID']]
]);
const timers = ['setTimeout', 'setInterval'];
const globals = ['globalThis', 'window', 'self'];

const machineUseOf = (node: ts.Node): string | undefined => {
  if (ts.isNewExpression(node)) {
    const isDate = ts.isIdentifier(node.expression) && node.expression.text === 'Date';
    return isDate && (node.arguments ?? []).length === 0 ? 'new Date()' : undefined;
  }
  if (ts.isPropertyAccessExpression(node)) {
    const owner = lastName(node.expression);
    if (owner === undefined) return undefined;
    if (machineProperties.get(owner)?.includes(node.name.text)) return `${owner}.${node.name.text}`;
    return globals.includes(owner) && timers.includes(node.name.text) ? node.name.text : undefined;
  }
  return ts.isIdentifier(node) && timers.includes(node.text) && isReference(node) ? node.text : undefined;
};

/** `crypto` of `crypto` and of `globalThis.crypto`. */
const lastName = (node: ts.Expression): string | undefined => {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) && globals.includes(node.expression.getText())
    ? node.name.text
    : undefined;
};

/** Whether an identifier stands for the global: not a property's name, a declared name or part of a type. */
const isReference = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isTypeQueryNode(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(ts.isPropertySignature(parent) || ts.isParameter(parent) || ts.isPropertyDeclaration(parent));
};

const constantsOf = (tree: ts.SourceFile): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const exported = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
    const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    if (!exported || !constant) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer !== undefined && !isFunction(initializer)) names.add(name.text);
  }
  return names;
};

const isFunction = (node: ts.Expression): boolean => {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return isFunction(node.expression);
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isClassExpression(node);
};

const onlyReExports = (tree: ts.SourceFile): boolean =>
  tree.statements.some(ts.isExportDeclaration) &&
  tree.statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement));

/** The component with everything blanked that is not script, every line where it was. */
const svelteToScript = (text: string): string => {
  const root = parseSvelte(text, { modern: true });
  const blank = text.replace(/[^\n]/g, ' ').split('');
  const keep = ({ start, end }: Span): void => {
    for (let at = start; at < end; at++) blank[at] = text.charAt(at);
    blank[start - 1] = ';'; // the brace or tag before it, so that neighbours do not run together
  };
  for (const script of [root.module, root.instance]) {
    // Svelte keeps positions on its syntax trees, which ESTree's own types do not mention.
    if (script) keep(script.content as unknown as Span);
  }
  collectExpressions(root.fragment, keep);
  return blank.join('');
};

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Calls `keep` with the outermost expressions and declarations in a piece of Svelte's tree. */
const collectExpressions = (node: unknown, keep: (span: Span) => void): void => {
  if (Array.isArray(node)) {
    for (const child of node) collectExpressions(child, keep);
  } else if (typeof node === 'object' && node !== null) {
    const { type } = node as { type?: unknown };
    if (typeof type === 'string' && /(Expression|Declaration)$/.test(type)) keep(node as Span);
    else for (const child of Object.values(node)) collectExpressions(child, keep);
  }
};
