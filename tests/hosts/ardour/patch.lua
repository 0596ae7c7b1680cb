-- SPDX-License-Identifier: ISC
-- Set up a session with track forms, print its knobs and save it: HERE SESSION

dofile (arg[1] .. "/desk.lua")
local session = assert (create_session (arg[2], "patch", 48000))

local function insert_form (strip, name, settings)
  local processor = assert (new_plugin (session, "urn:chronus:" .. name), name)
  assert (strip:add_processor_by_index (processor, -1, nil, true) == 0)
  set_knobs (processor, settings)
  return processor
end

local function insert (strip, name, settings)
  return insert_form (strip, name .. "-track", settings)
end

local function connect_sidechain (source, strip, processor)
  assert (strip:add_sidechain (processor))
  connect (source, 0, processor:to_plugininsert ():sidechain_input ():audio (0))
end

-- Let a knob jump: label, pairs of frame and value
local function automate (processor, label, steps)
  local n, port = find_knob (processor, label)
  local _, list = ARDOUR.LuaAPI.plugin_automation (processor, n)
  assert (list:set_interpolation (Evoral.InterpolationStyle.Discrete))
  for _, step in ipairs (steps) do
    list:add (Temporal.timepos_t (step[1]), step[2], false, true)
  end
  local parameter = Evoral.Parameter (ARDOUR.AutomationType.PluginAutomation, 0, port)
  processor:to_automatable ():automation_control (parameter, false)
    :set_automation_state (ARDOUR.AutoState.Play)
end

local function new_tone (name, settings)
  local bus = new_bus (session, name, 1)
  local knobs = { ["Gate Mode"] = 0, Waveform = 0, Level = 0 }
  for label, value in pairs (settings) do
    knobs[label] = value
  end
  return bus, insert (bus, "oscillator", knobs)
end

-- A synthesizer on a MIDI track
local voice = new_track (session, "voice")
insert (voice, "oscillator", { ["Gate Mode"] = 2, Level = 0 })
insert (voice, "biquad", { Frequency = 2000 })
insert (voice, "adsr", { Release = 0.1 })
voice:panner_shell ():set_bypassed (true)

-- Its notes open the envelope of another strip
local gated = new_tone ("gated", {})
connect_sidechain (voice, gated, insert (gated, "adsr", { Release = 0.01 }))

-- Two octaves meet a filter in stereo
local stereo = new_bus (session, "stereo", 2)
local filter = insert (stereo, "biquad", { Frequency = 523.2511 })
print ("filters " .. filter:to_plugininsert ():get_count ())

-- They meet the stereo forms, on a strip that keeps the number of its channels
local pair = new_bus (session, "pair", 2)
assert (pair:set_strict_io (true))
local forms = { insert_form (pair, "biquad-stereo", { Frequency = 523.2511 }),
                insert_form (pair, "adsr-stereo", { ["Manual Gate"] = 1, Sustain = 100 }),
                insert_form (pair, "adsr-stereo-sidechain", { ["Manual Gate"] = 1, Sustain = 100 }),
                insert_form (pair, "mixer-stereo", {}) }
local counts = "pair"
for _, form in ipairs (forms) do
  counts = counts .. " " .. form:to_plugininsert ():get_count ()
end
print (counts .. " " .. pair:n_outputs ():n_audio ())

for octave = 1, 2 do
  local tone = new_tone ("octave " .. octave, { Octave = octave })
  disconnect (tone, session:master_out ():input ())
  connect (tone, 0, stereo:input ():audio (octave - 1))
  connect (tone, 0, pair:input ():audio (octave - 1))
end

-- A slow square wave moves the pitch of one strip, the filter of another, and is mixed to a third
local slow = new_tone ("slow", { Waveform = 3, Octave = -6, Tune = -12, Detune = -1.0439 })
local moved, carrier = new_tone ("moved", { ["FM Amount"] = 0.5 })
connect_sidechain (slow, moved, carrier)
local swept = new_tone ("swept", { Octave = 2 })
connect_sidechain (slow, swept, insert (swept, "biquad", { Frequency = 1046.5023, ["Frequency Mod Amount"] = 2 }))
local mixed = new_bus (session, "mixed", 1)
connect_sidechain (slow, mixed, insert (mixed, "mixer", { ["Level 2"] = -6 }))

-- Levels jump
local jumps = { { 0, 0 }, { 20011, -20 }, { 50021, 0 }, { 70033, -20 } }
local level, louder = new_tone ("level", {})
automate (louder, "Level", jumps)
local mix = new_tone ("mix", {})
automate (insert (mix, "mixer", {}), "Level", jumps)

print_strips (session)
session:save_state ("")
leave ()
