// oxlint-disable no-underscore-dangle -- the names that Lua's C API has when emscripten exports it
import type { LuaModule } from './module.ts';
import type { LuaTable, LuaValue } from './values.ts';

const registry = -1_001_000;
const type = { nil: 0, boolean: 1, lightUserdata: 2, number: 3, string: 4, table: 5 } as const;
const deepest = 1000;

/** A Lua state, binary-safe in both directions. */
export class LuaMachine {
  readonly #module: LuaModule;
  readonly #state: number;
  readonly #lengthAt: number;
  #scratch = 0;
  #scratchBytes = 0;

  /** `host` answers the global function `__host`. */
  constructor(module: LuaModule, host: (args: readonly LuaValue[]) => LuaValue) {
    this.#module = module;
    this.#state = module._luaL_newstate();
    this.#lengthAt = module._malloc(4);
    module._luaL_openlibs(this.#state);
    const run = (state: number): number => {
      const args = Array.from({ length: module._lua_gettop(state) }, (_, index) =>
        this.#read(state, index + 1, 0),
      );
      module._lua_settop(state, 0);
      this.#push(state, host(args));
      return 1;
    };
    module._lua_pushcclosure(this.#state, module.addFunction(run, 'ii'), 0);
    module._lua_setglobal(this.#state, this.#text('__host\0').pointer);
  }

  /** Compiles a script; gives a number to call it by, or why it is wrong. */
  compile(source: string, name: string): number | string {
    const { _luaL_loadbufferx, _free } = this.#module;
    const script = this.#copy(source);
    const nameAt = this.#copy(`${name}\0`);
    try {
      const failed = _luaL_loadbufferx(this.#state, script.pointer, script.length, nameAt.pointer, 0);
      if (failed === 0) return this.#module._luaL_ref(this.#state, registry);
      const message = this.#read(this.#state, -1, 0);
      this.#module._lua_settop(this.#state, 0);
      return typeof message === 'string' ? message : 'unknown error';
    } finally {
      _free(script.pointer);
      _free(nameAt.pointer);
    }
  }

  /** Sets a global variable. */
  setGlobal(name: string, value: LuaValue): void {
    this.#push(this.#state, value);
    this.#module._lua_setglobal(this.#state, this.#text(`${name}\0`).pointer);
  }

  /** Calls a compiled script. */
  run(script: number): { readonly ok: boolean; readonly value: LuaValue } {
    this.#module._lua_rawgeti(this.#state, registry, BigInt(script));
    const failed = this.#module._lua_pcallk(this.#state, 0, 1, 0, 0, 0);
    const value = this.#read(this.#state, -1, 0);
    this.#module._lua_settop(this.#state, 0);
    return { ok: failed === 0, value };
  }

  #read(state: number, index: number, depth: number): LuaValue {
    const lua = this.#module;
    switch (lua._lua_type(state, index)) {
      case type.boolean:
        return lua._lua_toboolean(state, index) !== 0;
      case type.number:
        return lua._lua_isinteger(state, index) === 0
          ? lua._lua_tonumberx(state, index, 0)
          : Number(lua._lua_tointegerx(state, index, 0));
      case type.string:
        return this.#readText(state, index);
      case type.table:
        return this.#readTable(state, index, depth);
      default:
        return null;
    }
  }

  #readText(state: number, index: number): string {
    const pointer = this.#module._lua_tolstring(state, index, this.#lengthAt);
    const length = this.#module.HEAPU32[this.#lengthAt >> 2] ?? 0;
    return Buffer.from(this.#module.HEAPU8.buffer, pointer, length).toString('latin1');
  }

  #readTable(state: number, index: number, depth: number): LuaTable {
    const table = new Map<LuaValue, LuaValue>();
    const lua = this.#module;
    if (depth > deepest || lua._lua_checkstack(state, 4) === 0) return table;
    const at = index < 0 ? lua._lua_gettop(state) + 1 + index : index;
    lua._lua_pushnil(state);
    while (lua._lua_next(state, at) !== 0) {
      const value = this.#read(state, -1, depth + 1);
      lua._lua_settop(state, -2);
      table.set(this.#read(state, -1, depth + 1), value);
    }
    return table;
  }

  #push(state: number, value: LuaValue): void {
    const lua = this.#module;
    lua._lua_checkstack(state, 4);
    if (value === null) lua._lua_pushnil(state);
    else if (typeof value === 'boolean') lua._lua_pushboolean(state, value ? 1 : 0);
    else if (typeof value === 'number') this.#pushNumber(state, value);
    else if (typeof value === 'string') {
      const { pointer, length } = this.#text(value);
      lua._lua_pushlstring(state, pointer, length);
    } else this.#pushTable(state, value);
  }

  #pushNumber(state: number, value: number): void {
    if (Number.isSafeInteger(value)) this.#module._lua_pushinteger(state, BigInt(value));
    else this.#module._lua_pushnumber(state, value);
  }

  #pushTable(state: number, table: LuaTable): void {
    this.#module._lua_createtable(state, 0, table.size);
    for (const [key, value] of table) {
      this.#push(state, key);
      this.#push(state, value);
      this.#module._lua_rawset(state, -3);
    }
  }

  /** Bytes in a buffer that the next call uses again. */
  #text(text: string): { readonly pointer: number; readonly length: number } {
    if (this.#scratchBytes < text.length) {
      if (this.#scratch !== 0) this.#module._free(this.#scratch);
      this.#scratchBytes = Math.max(4096, text.length * 2);
      this.#scratch = this.#module._malloc(this.#scratchBytes);
    }
    this.#write(this.#scratch, text);
    return { pointer: this.#scratch, length: text.length };
  }

  #copy(text: string): { readonly pointer: number; readonly length: number } {
    const pointer = this.#module._malloc(Math.max(1, text.length));
    this.#write(pointer, text);
    return { pointer, length: text.length };
  }

  #write(pointer: number, text: string): void {
    Buffer.from(this.#module.HEAPU8.buffer, pointer, text.length).write(text, 'latin1');
  }
}
