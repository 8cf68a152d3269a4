/** The YAML parser as a module of our own: a bundled CommonJS package has no named exports when it is imported late. */
export { parse as parseYaml } from 'yaml';
