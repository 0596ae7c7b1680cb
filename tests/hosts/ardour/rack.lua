-- SPDX-License-Identifier: ISC
-- Set up a session with a patch as one plugin, print its knobs and save it: HERE SESSION

dofile (arg[1] .. "/desk.lua")
local session = assert (create_session (arg[2], "patch", 48000))

local function insert (strip, name, settings)
  local processor = assert (new_plugin (session, "urn:chronus-patch:" .. name), name)
  assert (strip:add_processor_by_index (processor, -1, nil, true) == 0)
  set_knobs (processor, settings)
end

local track = new_track (session, "voice")
insert (track, "first-voice", { ["amp_env Release"] = 0.05 })
track:panner_shell ():set_bypassed (true)

-- It plays by itself, in time with the session
local sequence = new_bus (session, "sequence", 1)
insert (sequence, "song-sequence", {})

print_strips (session)
session:save_state ("")
leave ()
