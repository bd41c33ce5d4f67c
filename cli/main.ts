#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Kept where nobody writes but the owner of the program: whoever could, would decide what runs. An image brings its own;
// what is missing where nothing can be written, Node compiles each time.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./program.ts');
