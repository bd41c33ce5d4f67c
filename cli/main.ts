#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Kept where nobody writes but the owner of the program: whoever could, would decide what runs. Where it cannot be written,
// in a container, Node does without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./program.ts');
