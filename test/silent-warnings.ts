/**
 * Our `App` prints warnings to stderr; most tests are not about that. A test that is spies on `process.stderr.write`.
 */
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text: string, ...rest: []) =>
  /^(warning|info) [\w-]+\/[\w-]+: \[/.test(text) || write(text, ...rest);
