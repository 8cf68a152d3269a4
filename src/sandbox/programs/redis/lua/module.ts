import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LuaFactory } from 'wasmoon';

/** The C API of Lua 5.4 as WebAssembly exports it; pointers and lengths are numbers. */
export interface LuaModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly addFunction: (run: (state: number) => number, signature: string) => number;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _luaL_newstate: () => number;
  readonly _luaL_requiref: (state: number, name: number, open: number, global: number) => void;
  readonly _luaL_openlibs: (state: number) => void;
  readonly _luaL_loadbufferx: (
    state: number,
    text: number,
    length: number,
    name: number,
    mode: number,
  ) => number;
  readonly _luaL_ref: (state: number, index: number) => number;
  readonly _lua_pcallk: (
    state: number,
    args: number,
    results: number,
    handler: number,
    context: number,
    continuation: number,
  ) => number;
  readonly _lua_gettop: (state: number) => number;
  readonly _lua_settop: (state: number, index: number) => void;
  readonly _lua_checkstack: (state: number, slots: number) => number;
  readonly _lua_type: (state: number, index: number) => number;
  readonly _lua_isinteger: (state: number, index: number) => number;
  readonly _lua_toboolean: (state: number, index: number) => number;
  readonly _lua_tonumberx: (state: number, index: number, isNumber: number) => number;
  readonly _lua_tointegerx: (state: number, index: number, isNumber: number) => bigint;
  readonly _lua_tolstring: (state: number, index: number, length: number) => number;
  readonly _lua_pushnil: (state: number) => void;
  readonly _lua_pushboolean: (state: number, value: number) => void;
  readonly _lua_pushnumber: (state: number, value: number) => void;
  readonly _lua_pushinteger: (state: number, value: bigint) => void;
  readonly _lua_pushlstring: (state: number, text: number, length: number) => number;
  readonly _lua_pushlightuserdata: (state: number, pointer: number) => void;
  readonly _lua_pushcclosure: (state: number, run: number, upvalues: number) => void;
  readonly _lua_pushvalue: (state: number, index: number) => void;
  readonly _lua_createtable: (state: number, items: number, fields: number) => void;
  readonly _lua_rawset: (state: number, index: number) => void;
  readonly _lua_rawseti: (state: number, index: number, key: bigint) => void;
  readonly _lua_rawgeti: (state: number, index: number, key: bigint) => number;
  readonly _lua_setglobal: (state: number, name: number) => void;
  readonly _lua_next: (state: number, index: number) => number;
}

/** Loads Lua. Its WebAssembly lies beside the bundle, or in node_modules when the sources run as they are. */
export async function loadLuaModule(): Promise<LuaModule> {
  const bundled = fileURLToPath(new URL('./glue.wasm', import.meta.url));
  const path = existsSync(bundled)
    ? bundled
    : createRequire(import.meta.url).resolve('wasmoon/dist/glue.wasm');
  const lua = await new LuaFactory(path).getLuaModule();
  // wasmoon's own bindings cut strings at NUL, and BullMQ's packed arguments have them: the exports below do not.
  return lua.module as unknown as LuaModule;
}
