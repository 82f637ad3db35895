/**
 * How the code reads, as far as a linter can see it (CONTRIBUTING.md). The layer table has a test of its own in
 * tests/unit/structure.
 */
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const always = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'A failure is handled or passed on, never swallowed.'
  }
];

const inSource = [
  ...always,
  {
    selector: "SvelteAttribute[key.name='style'] > SvelteLiteral",
    message: 'The Content-Security-Policy drops inline styles: use a class, or style:name={value}.'
  },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that holds it.' },
  { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' }
];

const machine = {
  syntax: [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The time comes from a Clock.' }
  ],
  globals: [
    { name: 'setTimeout', message: 'Use Clock.after.' },
    { name: 'setInterval', message: 'Use Clock.after.' }
  ],
  properties: [
    { object: 'Date', property: 'now', message: 'Use Clock.nowMs.' },
    { object: 'performance', property: 'now', message: 'Use Clock.nowMs.' },
    { object: 'Math', property: 'random', message: 'Use a Random.' },
    { object: 'crypto', property: 'getRandomValues', message: 'Use a Random.' },
    { object: 'crypto', property: 'randomUUID', message: 'Use a Random.' }
  ]
};

const markup = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment', 'setHTMLUnsafe'].map(
  (property) => ({ property, message: 'What a friend wrote is text, never markup.' })
);

const testNames = '/^(test|it|describe|suite)$/';
const unrun = '/^(only|skip|skipIf|runIf|todo|fixme|fails)$/';
const inTests = [
  ...always,
  {
    selector: `MemberExpression[property.name=${unrun}]:matches([object.name=${testNames}], [object.property.name=${testNames}])`,
    message: 'Every test runs, everywhere. A test that cannot is mended or removed.'
  }
];

export default ts.config(
  { ignores: ['build/', '.svelte-kit/', '.cache/', 'test-results/', 'src/lib/i18n/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-undef': 'off', // TypeScript knows
      eqeqeq: ['error', 'always'],
      'no-restricted-syntax': ['error', ...always],
      'no-restricted-properties': ['error', ...markup],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['warn', { max: 300 }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        {
          'ts-ignore': true,
          'ts-nocheck': true,
          'ts-expect-error': 'allow-with-description',
          minimumDescriptionLength: 10
        }
      ]
    }
  },
  {
    files: ['src/**/*.ts', 'tests/**/*.ts', 'vite.config.ts'],
    ignores: ['**/*.svelte.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } }
  },
  // Components are given addresses that routes have resolved: `$app/paths` is not theirs to import.
  // Addresses come from app/places.ts, which resolves them, and reach components as props.
  { files: ['src/lib/ui/**', 'src/routes/**'], rules: { 'svelte/no-navigation-without-resolve': 'off' } },
  {
    files: ['src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...inSource, ...machine.syntax],
      'no-restricted-globals': ['error', ...machine.globals],
      'no-restricted-properties': ['error', ...markup, ...machine.properties]
    }
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }] }
  },
  {
    files: ['src/lib/base/**'],
    rules: {
      'no-restricted-syntax': ['error', ...inSource],
      'no-restricted-globals': 'off',
      'no-restricted-properties': ['error', ...markup]
    }
  },
  { files: ['src/relay/main.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**'],
    rules: {
      'no-restricted-syntax': ['error', ...inTests],
      'no-restricted-properties': [
        'error',
        ...markup,
        { property: 'waitForTimeout', message: 'Wait for what you mean, not for a time.' }
      ]
    }
  }
);
