#!/usr/bin/env node
import { main } from '../dist/main.js'
import { systemEnv } from '../dist/system-env.js'

process.exitCode = await main(process.argv.slice(2), systemEnv())
