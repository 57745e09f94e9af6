import js from "@eslint/js";
import globals from "globals";

const shopify = { shopify: "readonly", Shopify: "readonly" };

export default [
  {
    ignores: [
      "**/dist/**",
      "extensions/points-widget/assets/**",
      "**/vendor/**",
      "**/node_modules/**",
      "app/web/static/**",
      "extensions/points-widget/assets/**",
      ".data/**",
      ".venv/**",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.{js,jsx,mjs}"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      parserOptions: { ecmaFeatures: { jsx: true } },
      globals: { ...globals.browser, ...shopify },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    // Without a plugin eslint does not see that <Card /> uses Card.
    files: ["**/*.jsx"],
    rules: { "no-unused-vars": ["error", { varsIgnorePattern: "^[A-Z]" }] },
  },
  {
    files: ["**/*.mjs", "eslint.config.js"],
    languageOptions: { globals: globals.node },
    rules: { "no-console": "off" },
  },
];
