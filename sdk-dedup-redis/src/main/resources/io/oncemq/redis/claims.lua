-- The claim table (docs/claim-states.md) over one shard of one group. Many commands, one call.
-- KEYS[1]  the shard's meta record; its name without the last letter starts every other key of the shard
-- ARGV[1]  lease ms (6 bytes), remember ms (6), fill (2), flags (1: 1 for quarantine, 2 if a shard without meta record has lost it, 4 if
--          the record is to expire: of an instance that may never come back),
--          the marker that the caller knows (8, 0 if none), the last token it was given under that marker (8), then 45 bytes per command:
--          op (1: type + 8 if repeated + 16 if it is not, its generation is 0, and so is its attempt or nobody asks for it,
--          + 32 if a cause follows), digest (16), owner (16), fingerprint (4), generation (4), attempt (4), then its cause:
--          length (1) and text
-- Answer   the first token (8 bytes), the marker (8), whether this caller learns of a loss of data (1), then per command a letter with
--          what belongs to it
--
-- A record is a field of a bucket: a hash small enough to stay one flat allocation. Buckets belong to generations; one is
-- current, older ones are only read until their keys expire. Values: '' or 4 bytes: DONE with its fingerprint; 'X' or 'P' and a
-- generation (5 bytes): dead-lettered, parked; else a claim: phase, owner (16), lease end ms (6) and, unless all are 0, suspect
-- (1), attempt (4), generation (4). Causes of open dead letters would spoil a bucket's flat allocation: each generation has one
-- more hash for them, named by its prefix alone.
local call = redis.call
local byte, char, sub, floor = string.byte, string.char, string.sub, math.floor
local pack, unpack = struct.pack, struct.unpack

local meta_key, blob = KEYS[1], ARGV[1]
local tag = sub(meta_key, 1, -2)

-- While a slot moves to another node, a key that is not here may be there. Asking for one that is nowhere fails then, and tells
-- so before anything is written: the shard waits until its slot has moved.
local probe = redis.pcall('EXISTS', tag .. '?')
if type(probe) == 'table' then return redis.error_reply('TRYAGAIN the slot is moving: ' .. probe.err) end

local lease, ttl, fill, flags, expected, seen = unpack('>I6I6I2BI8I8', blob)
local quarantine, known, passing = flags % 2, flags % 4 >= 2, flags >= 4
local time = call('TIME')
local micros = time[1] * 1000000 + time[2]
local clock = floor(micros / 1000)
local ZERO, NOBODY = '\0\0\0\0', string.rep('\0', 16)

-- Generations, oldest first; the last is current. Numbers follow the clock but never go back.
local token, count, made, changed = 0, 0, 0, false
local n, number, bits, expires = 0, {}, {}, {}
local last_number, last_bits = 0, 0
-- The marker is drawn when the record is made, from the clock in microseconds; until "opens" nothing is granted anew.
local marker, opens, lost = 0, 0, 0
local meta = call('GET', meta_key)
if meta then
  token, count, made, marker, opens = unpack('>I8I6I6I8I6', meta)
  for p = 35, #meta, 11 do
    local no, b, e = unpack('>I4BI6', meta, p)
    last_number, last_bits = no, b
    if e > clock then
      n = n + 1
      number[n], bits[n], expires[n] = no, b, e
    end
  end
end

-- Leases do not go by the clock where it has gone back, as after a failover to a server that is behind, but stand still at the last token:
-- one that was granted meanwhile would lapse too early once the clock is put right. A step of more than an hour is believed;
-- else a clock that was a year ahead for a second would have no lease lapse for a year. Keys expire by the clock in any case.
local behind = floor(token / 1000) - clock
local now = (behind > 0 and behind <= 3600000) and clock + behind or clock
local till = now + lease
local till_bytes = pack('>I6', till)

-- Loss of data: the record is gone, older than the caller knows it, or others have made it anew since.
if meta and marker > expected then
  if expected > 0 then
    lost, changed = 1, true
    opens = math.max(opens, math.min(floor(marker / 1000), now) + lease)
  end
elseif not meta or marker < expected or token < seen then
  if expected > 0 or known then lost, opens = 1, math.max(opens, till) end
  marker, changed = math.max(micros, marker + 1, expected + 1), true
end

local function start_generation(b)
  n = n + 1
  last_number = math.max(last_number + 1, tonumber(time[1]))
  number[n], bits[n], expires[n] = last_number, b, clock + floor(ttl * 1.5)
  count, made, changed = 0, 0, true
end

if n == 0 or expires[n] < clock + ttl then
  local b = math.max(10, last_bits - 2)
  while b < 24 and 2 ^ b * fill < count * 2 do b = b + 1 end
  start_generation(b)
elseif count > 2 ^ bits[n] * fill and bits[n] < 24 then
  start_generation(math.min(24, bits[n] + 2))
end

local prefix, wide, modulus = {}, {}, {}
for i = 1, n do
  prefix[i] = tag .. pack('>I4', number[i])
  wide[i] = bits[i] > 16
  modulus[i] = 2 ^ (wide[i] and bits[i] - 16 or bits[i] - 8)
end

local function bucket(i, id)
  local a, b, c = byte(id, 1, 3)
  if wide[i] then return prefix[i] .. char(a % modulus[i], b, c) end
  return prefix[i] .. char(a % modulus[i], b)
end

local buckets, expire_at = 2 ^ bits[n], expires[n]
local current, current_wide, current_modulus = prefix[n], wide[n], modulus[n]

-- A new field: gives its bucket an end if it is the bucket's first.
local function count_in(key)
  count, changed = count + 1, true
  if made < buckets and call('HLEN', key) == 1 then
    made = made + 1
    call('PEXPIREAT', key, expire_at)
  end
end

local function find(id)
  for i = n, 1, -1 do
    local value = call('HGET', bucket(i, id), id)
    if value then return value, i end
  end
  return false, 0
end

local function write(id, value, at)
  local key = bucket(n, id)
  call('HSET', key, id, value)
  if at ~= n then
    if at > 0 then call('HDEL', bucket(at, id), id) end
    count_in(key)
  end
end

local function drop(id, at)
  local key = bucket(at, id)
  call('HDEL', key, id)
  if at == n then
    count, changed = count - 1, true
    if call('EXISTS', key) == 0 then made = made - 1 end
  end
end

local function remember_cause(id, cause)
  call('HSET', current, id, cause)
  if call('HLEN', current) == 1 then call('PEXPIREAT', current, expire_at) end
end

local function cause_of(id)
  for i = n, 1, -1 do
    local cause = call('HGET', prefix[i], id)
    if cause then return cause end
  end
  return ''
end

local function forget_cause(id)
  for i = 1, n do call('HDEL', prefix[i], id) end
end

local function encode(phase, owner, ends, suspect, attempt, generation)
  if phase == 'R' and suspect == 0 and attempt == 0 and generation == 0 then return 'R' .. owner .. ends end
  return phase .. owner .. ends .. pack('>BI4I4', suspect, attempt, generation)
end

local function decode(value)
  if #value == 23 then return sub(value, 1, 1), sub(value, 2, 17), unpack('>I6', value, 18), 0, 0, 0 end
  local ends, suspect, attempt, generation = unpack('>I6BI4I4', value, 18)
  return sub(value, 1, 1), sub(value, 2, 17), ends, suspect, attempt, generation
end

local drawn = 0
local function claimed(id, letter, phase, suspect, attempt)
  if phase == 'I' then return 'I' .. pack('>I4', attempt) end
  drawn = drawn + 1
  if phase == 'G' then
    local cause = cause_of(id)
    return 'l' .. pack('>I4B', attempt, #cause) .. cause
  end
  if letter == 'A' and suspect == 0 and attempt == 0 then return 'A' end
  return (letter == 'A' and 'a' or letter) .. pack('>I4B', attempt, suspect)
end

local function claim(value, at, id, owner, fingerprint, generation)
  if not value then
    if now < opens then return 'B' .. pack('>I6', opens - now) end
    write(id, encode('R', owner, till_bytes, 0, 0, generation), at)
    return claimed(id, 'A', 'R', 0, 0)
  end
  if #value == 0 then return 'D' end
  if #value == 4 then return (fingerprint == ZERO or fingerprint == value) and 'D' or 'd' end
  if #value == 5 then
    if generation <= unpack('>I4', value, 2) then return sub(value, 1, 1) end
    if now < opens then return 'B' .. pack('>I6', opens - now) end
    write(id, encode('R', owner, till_bytes, 0, 0, generation), at)
    return claimed(id, 'A', 'R', 0, 0)
  end
  local phase, holder, ends, suspect, attempt, recorded = decode(value)
  if generation < recorded then return 'X' end
  if holder == owner then
    write(id, encode(phase, owner, till_bytes, suspect, attempt, recorded), at)
    return claimed(id, 'm', phase, suspect, attempt)
  end
  if now < ends then return 'B' .. pack('>I6', ends - now) end
  if now < opens then return 'B' .. pack('>I6', opens - now) end
  if holder ~= NOBODY then suspect = 1 end
  if phase == 'S' or phase == 'I' then
    suspect = 1
    phase = quarantine == 1 and 'I' or 'R'
  end
  write(id, encode(phase, owner, till_bytes, suspect, attempt, generation), at)
  return claimed(id, 'A', phase, suspect, attempt)
end

-- RENEW (1), START (2), DEAD_LETTERING (4)
local function hold(kind, value, at, id, owner, generation, attempt, cause)
  if not value then
    if kind ~= 4 and (kind == 2 or attempt == 0) then return 'S' end
    if cause then remember_cause(id, cause) end
    write(id, encode(kind == 4 and 'G' or 'S', owner, till_bytes, 1, attempt, generation), at)
    return 'L'
  end
  if #value <= 5 then return 'S' end
  local phase, holder, ends, suspect, known, recorded = decode(value)
  if holder ~= owner then return 'S' end
  if kind == 2 then
    if phase ~= 'R' and phase ~= 'S' then return 'S' end
    phase, known = 'S', math.max(known, attempt)
  elseif kind == 4 then
    phase, known = 'G', math.max(known, attempt)
    if cause then remember_cause(id, cause) end
  end
  write(id, encode(phase, owner, till_bytes, suspect, known, recorded), at)
  return now < ends and 'K' or 'L'
end

-- COMPLETE (3), DEAD_LETTERED (5)
local function settle(kind, repeated, value, at, id, owner, fingerprint, generation)
  local late = true
  if value then
    if #value <= 5 then
      if not repeated then return 'S' end
      if kind == 3 then return #value <= 4 and 'K' or 'S' end
      local met = byte(value) == 88 and #value == 5 and generation <= unpack('>I4', value, 2)
      return met and 'K' or 'S'
    end
    local phase, holder, ends, _, _, recorded = decode(value)
    if holder ~= owner and holder ~= NOBODY then return 'S' end
    if phase == 'G' then forget_cause(id) end
    late = now >= ends
    generation = math.max(generation, recorded)
  end
  local settled = kind == 5 and 'X' .. pack('>I4', generation) or fingerprint == ZERO and '' or fingerprint
  write(id, settled, at)
  return late and 'L' or 'K'
end

local function release(value, at, id, owner)
  if not value then return 'K' end
  if #value <= 5 then return 'S' end
  local phase, holder, _, suspect, attempt, generation = decode(value)
  if holder ~= owner then return holder == NOBODY and 'K' or 'S' end
  if phase == 'R' and suspect == 0 and attempt == 0 and generation == 0 then
    drop(id, at)
    return 'K'
  end
  if phase == 'S' then phase, suspect = 'R', 1 end
  if attempt > 0 then suspect = 1 end
  write(id, encode(phase, NOBODY, '\0\0\0\0\0\0', suspect, attempt, generation), at)
  return 'K'
end

local function step(op, p, id, cause)
  local repeated = op % 16 >= 8
  local kind = op % 8
  local owner = sub(blob, p + 17, p + 32)
  local fingerprint = sub(blob, p + 33, p + 36)
  local generation, attempt = unpack('>I4I4', blob, p + 37)
  local value, at = find(id)
  if kind == 0 then return claim(value, at, id, owner, fingerprint, generation) end
  if kind == 3 or kind == 5 then return settle(kind, repeated, value, at, id, owner, fingerprint, generation) end
  if kind == 6 then return release(value, at, id, owner) end
  return hold(kind, value, at, id, owner, generation, attempt, cause)
end

local out, o, p = {}, 1, 32
while p <= #blob do
  local op, a, b, c = byte(blob, p, p + 3)
  local id = sub(blob, p + 1, p + 16)
  local answer
  -- The two commands that nearly every message consists of, with as few calls as they allow.
  if op == 16 and now >= opens then
    local met = false
    for i = 1, n - 1 do
      if call('HGET', bucket(i, id), id) then met = true break end
    end
    if not met then
      local key = current_wide and current .. char(a % current_modulus, b, c) or current .. char(a % current_modulus, b)
      if call('HSETNX', key, id, 'R' .. sub(blob, p + 17, p + 32) .. till_bytes) == 1 then
        count_in(key)
        drawn = drawn + 1
        answer = 'A'
      end
    end
  elseif op == 19 then
    local key = current_wide and current .. char(a % current_modulus, b, c) or current .. char(a % current_modulus, b)
    local value = call('HGET', key, id)
    if value and #value == 23 and sub(value, 2, 17) == sub(blob, p + 17, p + 32) then
      local fingerprint = sub(blob, p + 33, p + 36)
      call('HSET', key, id, fingerprint == ZERO and '' or fingerprint)
      answer = now < unpack('>I6', value, 18) and 'K' or 'L'
    end
  end
  local cause, after = nil, p + 45
  if op >= 32 then
    after = after + 1 + byte(blob, after)
    cause = sub(blob, p + 46, after - 1)
  end
  o = o + 1
  out[o] = answer or step(op, p, id, cause)
  p = after
end

local first = math.max(token + 1, micros)
out[1] = pack('>I8I8B', first, marker, lost)
if drawn > 0 then token, changed = first + drawn - 1, true end
if changed then
  local parts = { pack('>I8I6I6I8I6', token, count, made, marker, opens) }
  for i = 1, n do parts[i + 1] = pack('>I4BI6', number[i], bits[i], expires[i]) end
  -- It stays for good, or its end could not be told from a loss. That of an instance ends: the current generation outlives every call by the
  -- time to remember, so the record outlives it by twice that, and every bucket; callers believe in a loss for half as long.
  if passing then
    call('SET', meta_key, table.concat(parts), 'PXAT', expires[n] + ttl)
  else
    call('SET', meta_key, table.concat(parts))
  end
end
return table.concat(out)
