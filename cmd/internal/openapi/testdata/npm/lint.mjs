// Lints OpenAPI documents with the linter of Redocly, and prints a line of
// JSON for each: the problems that it finds.
//
//   node lint.mjs wechatpay.yaml …
//
// It reads the files named and nothing else: no configuration of the machine,
// no network.

import { createConfig, lint } from '@redocly/openapi-core';

const config = await createConfig({
  extends: ['spec'], // every rule of the specification that the linter knows
  rules: {
    'no-enum-type-mismatch': 'error',
    'no-identical-paths': 'error',
    'no-invalid-schema-examples': 'error',
    'no-required-schema-properties-undefined': 'error',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'operation-summary': 'error',
    'operation-tag-defined': 'error',
    'path-parameters-defined': 'error',
    'security-defined': 'error',
    'tag-description': 'error',
  },
});

for (const ref of process.argv.slice(2)) {
  const problems = await lint({ ref, config });
  console.log(JSON.stringify(problems.map(({ ruleId, message, location }) =>
    `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`)));
}
