// Which property names of the widget may be shortened: those that our own types alone give a meaning. What the browser, the wire, the page or
// the device's storage knows by name stays as it is. The type checker tells which is which, so that the author need not.

import ts from "typescript";

/** Files whose names are known outside: the wire and the browser. */
const OUTSIDE = /protocol[/\\]types\.ts$|node_modules/;

/** The names, in the program that begins with `roots`. */
export function ownNames(roots) {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const program = ts.createProgram([...roots, "src/widget/css.d.ts"], options);
  const types = program.getTypeChecker();
  const own = new Set();
  const kept = new Set();

  /** `symbol` is a property that is used by its name. */
  const judge = (symbol) => {
    for (const declared of symbol?.declarations ?? []) {
      const outside = OUTSIDE.test(declared.getSourceFile().fileName) || isKept(declared);
      (outside ? kept : own).add(symbol.name);
    }
  };
  /** The property `name` of whatever `type` may be; without one the name is a key of its own. */
  const ofType = (type, name) => {
    for (const one of type?.isUnionOrIntersection() ? type.types : [type]) {
      const property = one && types.getApparentType(one).getProperty(name);
      if (property) judge(property);
      else if (one && types.getIndexInfosOfType(one).length > 0) kept.add(name);
    }
  };
  /** Every name of the wire, wherever it is used: our types may repeat its shapes. */
  const wire = (node) => {
    if (node.name && ts.isIdentifier(node.name)) kept.add(node.name.text);
    ts.forEachChild(node, wire);
  };
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) kept.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) judge(types.getSymbolAtLocation(node.name));
    else if (ts.isElementAccessExpression(node)) {
      const key = types.getTypeAtLocation(node.argumentExpression);
      for (const one of key.isUnion() ? key.types : [key]) if (one.isStringLiteral()) kept.add(one.value);
    } else if (ts.isObjectBindingPattern(node)) {
      for (const { name, propertyName, dotDotDotToken } of node.elements) {
        if (!dotDotDotToken) ofType(types.getTypeAtLocation(node), (propertyName ?? name).text);
      }
    } else if (ts.isObjectLiteralExpression(node)) {
      const wanted = types.getContextualType(node);
      for (const { name } of node.properties) {
        if (!name || !ts.isIdentifier(name)) continue;
        judge(types.getSymbolAtLocation(name));
        ofType(wanted, name.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (/protocol[/\\]types\.ts$/.test(file.fileName)) wire(file);
  for (const file of program.getSourceFiles()) if (!file.isDeclarationFile && !OUTSIDE.test(file.fileName)) visit(file);
  return [...own].filter((name) => !kept.has(name));
}

/** Whether the comment of the type that holds `node` says that its names stay. */
function isKept(node) {
  for (let at = node; at; at = at.parent) {
    if (ts.isInterfaceDeclaration(at) || ts.isTypeAliasDeclaration(at)) return at.getFullText().slice(0, at.getLeadingTriviaWidth()).includes("(@kept)");
  }
  return false;
}
