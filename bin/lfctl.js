#!/usr/bin/env node
// Keeps compiled code between runs where Node can (22.1 and later).
import module from 'node:module';
module.enableCompileCache?.();
await import('../dist/main.js');
