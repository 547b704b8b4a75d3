// What eslint looks for where the repository does not say: defects, not style.
// The packages are those beside the program that runs, wherever this file lies.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const beside = createRequire(process.argv[1]);

function optional(name) {
  try {
    return beside(name);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    return null;
  }
}

const globals = optional("globals");
const typescript = optional("typescript-eslint");

const defects = {
  "array-callback-return": "error",
  "constructor-super": "error",
  "for-direction": "error",
  "getter-return": "error",
  "no-async-promise-executor": "error",
  "no-caller": "error",
  "no-class-assign": "error",
  "no-compare-neg-zero": "error",
  "no-cond-assign": "error",
  "no-const-assign": "error",
  "no-constant-binary-expression": "error",
  "no-constant-condition": ["error", { checkLoops: "none" }],
  "no-debugger": "error",
  "no-delete-var": "error",
  "no-dupe-args": "error",
  "no-dupe-class-members": "error",
  "no-dupe-else-if": "error",
  "no-dupe-keys": "error",
  "no-duplicate-case": "error",
  "no-empty-character-class": "error",
  "no-eval": "error",
  "no-ex-assign": "error",
  "no-fallthrough": "error",
  "no-func-assign": "error",
  "no-global-assign": "error",
  "no-implied-eval": "error",
  "no-import-assign": "error",
  "no-invalid-regexp": "error",
  "no-loss-of-precision": "error",
  "no-misleading-character-class": "error",
  "no-new-func": "error",
  "no-new-native-nonconstructor": "error",
  "no-obj-calls": "error",
  "no-self-assign": "error",
  "no-self-compare": "error",
  "no-setter-return": "error",
  "no-shadow-restricted-names": "error",
  "no-sparse-arrays": "error",
  "no-template-curly-in-string": "error",
  "no-this-before-super": "error",
  "no-undef": globals ? "error" : "off",
  "no-unexpected-multiline": "error",
  "no-unreachable": "error",
  "no-unreachable-loop": "error",
  "no-unsafe-finally": "error",
  "no-unsafe-negation": "error",
  "no-unsafe-optional-chaining": "error",
  "no-useless-backreference": "error",
  "require-yield": "error",
  "use-isnan": "error",
  "valid-typeof": "error",
};

// What the TypeScript compiler says better, or what its overloads and types make false.
const compiled = [
  "constructor-super",
  "getter-return",
  "no-class-assign",
  "no-const-assign",
  "no-dupe-args",
  "no-dupe-class-members",
  "no-func-assign",
  "no-import-assign",
  "no-new-native-nonconstructor",
  "no-obj-calls",
  "no-setter-return",
  "no-this-before-super",
  "no-undef",
];

const typed = {
  "@typescript-eslint/no-duplicate-enum-values": "error",
  "@typescript-eslint/no-extra-non-null-assertion": "error",
  "@typescript-eslint/no-misused-new": "error",
  "@typescript-eslint/no-non-null-asserted-optional-chain": "error",
  "@typescript-eslint/no-unsafe-declaration-merging": "error",
};

// What the repository chose of the rules that this eslint has: severities, never options.
const { builtinRules } = beside("eslint/use-at-your-own-risk");
const chosen = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(join(__dirname, "rules.json"), "utf8")))
    .filter(([rule]) => builtinRules.has(rule))
    .map(([rule, severity]) => [rule, severity === "off" ? "off" : (defects[rule] ?? severity)]),
);

module.exports = [
  { linterOptions: { reportUnusedDisableDirectives: "off", reportUnusedInlineConfigs: "off" } },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs", "**/*.jsx"],
    languageOptions: {
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: globals ? Object.assign({}, ...Object.values(globals)) : {},
    },
    rules: { ...defects, ...chosen },
  },
  ...(typescript
    ? [
        {
          files: ["**/*.ts", "**/*.mts", "**/*.cts", "**/*.tsx"],
          languageOptions: { parser: typescript.parser },
          plugins: { "@typescript-eslint": typescript.plugin },
          rules: { ...defects, ...chosen, ...Object.fromEntries(compiled.map((rule) => [rule, "off"])), ...typed },
        },
      ]
    : []),
];
