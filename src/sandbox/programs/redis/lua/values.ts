/** A Lua value outside of Lua. Strings hold bytes (latin1). */
export type LuaValue = null | boolean | number | string | LuaTable;

/** Fields in the order Lua gives them. */
export type LuaTable = ReadonlyMap<LuaValue, LuaValue>;

/** A table from a list; numbering starts at 1. */
export function listTable(items: readonly LuaValue[]): LuaTable {
  return new Map(items.map((item, index) => [index + 1, item]));
}

/** The items of a table that is a list without holes, or null. */
export function asList(table: LuaTable): LuaValue[] | null {
  const items: LuaValue[] = [];
  for (let index = 1; index <= table.size; index += 1) {
    const item = table.get(index);
    if (item === undefined) return null;
    items.push(item);
  }
  return items;
}
