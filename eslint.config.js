import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Forbid imports from some folders; types pass where `types` says so. */
const boundary = (files, group, message, types = false) => ({
  files,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      { patterns: [{ group, message, allowTypeImports: types }] },
    ],
  },
});

export default defineConfig(
  {
    ignores: ["dist/", "docs/", ".microtome/", "demo-output/", "*.config.js", "**/*.mjs"],
  },
  tseslint.configs.recommendedTypeChecked, // no-floating-promises: an unawaited activity is a lost one
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "@typescript-eslint/require-await": "off", // fakes are async because their ports are
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowArray: true, allowNumber: true },
      ],
    },
  },
  boundary(["schemas/**"], ["../*", "node:*"], "Schemas stand alone."),
  boundary(
    ["workflows/**"],
    ["../domain/**", "../activities/**", "ajv", "node:*", "*tensorflow*"],
    "Workflows import only types and proxies.",
    true,
  ),
  boundary(
    ["domain/**"],
    [
      "@temporalio/*",
      "@tensorflow/tfjs-node*",
      "minio",
      "ajv",
      "node:*",
      "**/activities/**",
      "**/workflows/**",
      "**/cli/**",
      "**/infra/**",
    ],
    "The domain may not know who calls it, nor network, disk, clock or environment.",
  ),
  boundary(
    ["activities/**"],
    ["**/workflows/**", "**/cli/**", "**/infra/**"],
    "Activities do not know who orchestrates them.",
    true,
  ),
);
