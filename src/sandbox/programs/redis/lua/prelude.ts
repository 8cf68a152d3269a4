/** What scripts find when they start: Lua 5.1's names, and Redis' libraries. */
export const prelude = `
local host, null = __host, setmetatable({}, {__tostring = function() return 'userdata: NULL' end})
__host = nil
unpack = table.unpack
loadstring = load
local plain = tostring
tostring = function(value)
  if math.type(value) == 'float' then return string.format('%.14g', value) end
  return plain(value)
end
math.pow = function(base, power) return base ^ power end
table.getn = function(list) return #list end
local getinfo = debug.getinfo
redis = {
  call = function(...)
    local result = host('call', ...)
    if type(result) == 'table' and result.err then
      local at = getinfo(2, 'l')
      error({err = result.err, line = at and at.currentline > 0 and at.currentline or 1}, 0)
    end
    return result
  end,
  pcall = function(...) return host('call', ...) end,
  error_reply = function(text) return {err = text} end,
  status_reply = function(text) return {ok = text} end,
  sha1hex = function(text) return host('sha1', text) end,
  log = function() end,
  set_repl = function() end,
  setresp = function() end,
  replicate_commands = function() return true end,
  breakpoint = function() return false end,
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
  REDIS_VERSION = '7.0.15', REDIS_VERSION_NUM = 0x0007000f,
}
local function library(name, ...)
  local result = host(name, ...)
  if type(result) == 'table' and result.failed then error(result.failed, 3) end
  if type(result) == 'table' then return result.value end
  return result
end
local function toNull(value)
  if value == '\\0cjson.null\\0' then return null end
  if type(value) == 'table' then for key, item in pairs(value) do value[key] = toNull(item) end end
  return value
end
local function fromNull(value)
  if value == null then return '\\0cjson.null\\0' end
  if type(value) ~= 'table' then return value end
  local copy = {}
  for key, item in pairs(value) do copy[key] = fromNull(item) end
  return copy
end
cjson = {
  null = null,
  encode = function(value) return (library('encode', fromNull(value))) end,
  decode = function(text) return toNull(library('decode', text)) end,
  encode_keep_buffer = function() end, encode_max_depth = function() end, decode_max_depth = function() end,
  encode_sparse_array = function() end, encode_invalid_numbers = function() end, decode_invalid_numbers = function() end,
}
cmsgpack = {
  pack = function(...)
    local packed = {}
    for index = 1, select('#', ...) do packed[index] = library('pack', (select(index, ...))) end
    return table.concat(packed)
  end,
  unpack = function(text) return (library('unpack', text)) end,
}
bit = {
  band = function(a, b) return a & b end, bor = function(a, b) return a | b end, bxor = function(a, b) return a ~ b end,
  bnot = function(a) return ~a end, lshift = function(a, n) return a << n end, rshift = function(a, n) return a >> n end,
}
os = {clock = os.clock, time = os.time}
io, package, require, dofile, loadfile, debug, print = nil, nil, nil, nil, nil, nil, nil
KEYS, ARGV = {}, {}
setmetatable(_G, {
  __newindex = function(_, name) error('Script attempted to create global variable \\'' .. tostring(name) .. '\\'', 2) end,
  __index = function(_, name)
    error('Script attempted to access nonexistent global variable \\'' .. tostring(name) .. '\\'', 2)
  end,
})
`;
