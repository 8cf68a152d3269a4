import { totalmem } from 'node:os';
import type { Engine } from './engine.ts';
import { numberSetting } from './settings.ts';
import { redisVersion } from './version.ts';

type Fields = readonly (readonly [string, string | number])[];

const sections: readonly (readonly [string, (engine: Engine) => Fields])[] = [
  ['Server', server],
  ['Clients', clients],
  ['Memory', memory],
  ['Persistence', persistence],
  ['Stats', stats],
  ['Replication', replication],
  [
    'CPU',
    () => [
      ['used_cpu_sys', '0.100000'],
      ['used_cpu_user', '0.200000'],
    ],
  ],
  ['Modules', () => []],
  ['Errorstats', () => []],
  ['Cluster', () => [['cluster_enabled', 0]]],
  ['Keyspace', keyspace],
];

/** INFO with real field names, for the sections asked for or all. https://redis.io/docs/latest/commands/info/ */
export function infoText(engine: Engine, wanted: readonly string[]): string {
  const names = new Set(wanted.map((name) => name.toLowerCase()));
  const all = names.size === 0 || ['all', 'default', 'everything'].some((name) => names.has(name));
  return sections
    .filter(([name]) => all || names.has(name.toLowerCase()))
    .map(([name, fields]) => `# ${name}\r\n${lines(fields(engine))}`)
    .join('\r\n');
}

function lines(fields: Fields): string {
  return fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
}

function server(engine: Engine): Fields {
  const uptimeSeconds = Math.floor((engine.options.clock() - engine.startedMs) / 1000);
  return [
    ['redis_version', redisVersion],
    ['redis_git_sha1', '00000000'],
    ['redis_git_dirty', 0],
    ['redis_build_id', 'lfctl-sandbox'],
    ['redis_mode', 'standalone'],
    ['os', 'Linux'],
    ['arch_bits', 64],
    ['process_id', 1],
    ['tcp_port', engine.options.port],
    ['uptime_in_seconds', uptimeSeconds],
    ['uptime_in_days', Math.floor(uptimeSeconds / 86_400)],
    ['hz', 10],
    ['executable', '/usr/local/bin/redis-server'],
    ['config_file', ''],
  ];
}

function clients(engine: Engine): Fields {
  return [
    ['connected_clients', engine.sessions.size],
    ['cluster_connections', 0],
    ['maxclients', numberSetting(engine.settings, 'maxclients')],
    ['client_recent_max_input_buffer', 20_480],
    ['client_recent_max_output_buffer', 0],
    ['blocked_clients', engine.waiting.count],
  ];
}

function memory(engine: Engine): Fields {
  const usedBytes = engine.usedBytes();
  const limitBytes = numberSetting(engine.settings, 'maxmemory');
  const residentBytes = Math.round(usedBytes * 1.1) + 8_000_000;
  return [
    ['used_memory', usedBytes],
    ['used_memory_human', human(usedBytes)],
    ['used_memory_rss', residentBytes],
    ['used_memory_rss_human', human(residentBytes)],
    ['used_memory_peak', usedBytes],
    ['used_memory_peak_human', human(usedBytes)],
    ['used_memory_dataset', usedBytes - 890_000],
    ['total_system_memory', totalmem()],
    ['total_system_memory_human', human(totalmem())],
    ['maxmemory', limitBytes],
    ['maxmemory_human', human(limitBytes)],
    ['maxmemory_policy', engine.settings.get('maxmemory-policy') ?? 'noeviction'],
    ['mem_fragmentation_ratio', (residentBytes / usedBytes).toFixed(2)],
    ['mem_allocator', 'libc'],
  ];
}

function persistence(engine: Engine): Fields {
  const failed = (engine.options.log?.failure ?? null) !== null;
  return [
    ['loading', 0],
    ['async_loading', 0],
    ['rdb_changes_since_last_save', 0],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', Math.floor(engine.startedMs / 1000)],
    ['rdb_last_bgsave_status', 'ok'],
    ['aof_enabled', engine.settings.get('appendonly') === 'yes' ? 1 : 0],
    ['aof_rewrite_in_progress', 0],
    ['aof_last_write_status', failed ? 'err' : 'ok'],
  ];
}

function stats(engine: Engine): Fields {
  const { counters } = engine;
  return [
    ['total_connections_received', counters.connections],
    ['total_commands_processed', counters.commands],
    ['instantaneous_ops_per_sec', 0],
    ['rejected_connections', counters.rejected],
    ['expired_keys', counters.expired],
    ['evicted_keys', counters.evicted],
    ['keyspace_hits', 0],
    ['keyspace_misses', 0],
    ['pubsub_channels', engine.channels.channelCount],
    ['pubsub_patterns', engine.channels.patternCount],
    ['total_error_replies', counters.errors],
  ];
}

function replication(): Fields {
  return [
    ['role', 'master'],
    ['connected_slaves', 0],
    ['master_failover_state', 'no-failover'],
    ['master_repl_offset', 0],
    ['second_repl_offset', -1],
    ['repl_backlog_active', 0],
  ];
}

function keyspace(engine: Engine): Fields {
  return engine.databases
    .filter((database) => database.size > 0)
    .map((database) => [
      `db${database.index}`,
      `keys=${database.size},expires=${database.expiringCount},avg_ttl=0`,
    ]);
}

function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  const power = bytes === 0 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const unit = units[power] ?? 'B';
  return power === 0 ? `${bytes}B` : `${(bytes / 1024 ** power).toFixed(2)}${unit}`;
}
