-- SPDX-License-Identifier: ISC
-- What the scripts here share: a session without a sound card, plugins, and their knobs

AudioEngine:set_backend ("None (Dummy)", "", "")

-- Return a plugin under a preset, or as it comes; nil if Ardour refuses it
function new_plugin (session, uri, preset)
  local processor = ARDOUR.LuaAPI.new_plugin (session, uri, ARDOUR.PluginType.LV2, preset or "")
  return not processor:isnil () and processor or nil
end

-- Call something with each knob: its number, as Ardour's Lua counts, and its index
function for_each_knob (processor, visit)
  local plugin = processor:to_insert ():plugin (0)
  local n = 0
  for i = 0, plugin:parameter_count () - 1 do
    if plugin:parameter_is_control (i) and plugin:parameter_is_input (i) then
      visit (n, i, plugin)
      n = n + 1
    end
  end
end

-- Return the number of a knob and its index
function find_knob (processor, label)
  local found, port
  for_each_knob (processor, function (n, i, plugin)
    if plugin:parameter_label (i) == label then
      found, port = n, i
    end
  end)
  return assert (found, "there is no knob " .. label), port
end

function set_knobs (processor, settings)
  for label, value in pairs (settings) do
    assert (ARDOUR.LuaAPI.set_processor_param (processor, find_knob (processor, label), value))
  end
end

-- Print where all knobs of a plugin stand, each after some words
function print_knobs (words, processor)
  for_each_knob (processor, function (n, i, plugin)
    local value = ARDOUR.LuaAPI.get_processor_param (processor, n, true)
    print (string.format ("%s|%s|%.7g", words, plugin:parameter_label (i), value))
  end)
end

-- Print where all knobs of a session stand
function print_strips (session)
  local strips = session:get_routes ()
  for strip in strips:iter () do
    local n = 0
    local processor = strip:nth_plugin (n)
    while not processor:isnil () do
      print_knobs ("knob|" .. strip:name () .. "|" .. processor:display_name (), processor)
      n = n + 1
      processor = strip:nth_plugin (n)
    end
  end
end

-- Return a strip by its name, as lists of strips keep theirs only until Lua collects them
function find_strip (session, name)
  local strip = session:route_by_name (name)
  assert (not strip:isnil (), name)
  return strip
end

function new_bus (session, name, n_channels)
  session:new_audio_route (n_channels, n_channels, nil, 1, name, ARDOUR.PresentationInfo.Flag.AudioBus, -1)
  return find_strip (session, name)
end

-- Add a MIDI track that plays our notes
function new_track (session, name)
  local one_midi = ARDOUR.ChanCount (ARDOUR.DataType ("midi"), 1)
  local one_audio = ARDOUR.ChanCount (ARDOUR.DataType ("audio"), 1)
  session:new_midi_track (one_midi, one_audio, true, ARDOUR.PluginInfo (), nil, nil, 1, name, -1,
                          ARDOUR.TrackMode.Normal, true)
  local track = find_strip (session, name)
  sleep (1) -- Ardour still connects it, in a thread of its own
  local notes = ARDOUR.LuaAPI.new_luaproc (session, "Chronus Test Notes")
  assert (track:add_processor_by_index (notes, 0, nil, true) == 0)
  track:monitoring_control ():set_value (1, PBD.GroupControlDisposition.NoGroup)
  return track
end

-- Take the cables between a strip and other inputs away
function disconnect (strip, input)
  local output = strip:output ()
  for i = 0, output:n_ports ():n_audio () - 1 do
    for k = 0, input:n_ports ():n_audio () - 1 do
      local name = output:audio (i):name ()
      if input:audio (k):connected_to (name) then
        input:audio (k):disconnect (name)
      end
    end
  end
end

-- Draw a cable from an output of a strip
function connect (strip, n, pin)
  assert (pin:connect (strip:output ():audio (n):name ()) == 0)
end

-- Say that a script has come to its end
function say_done ()
  print ("done")
  io.stdout:flush ()
end

function leave ()
  close_session ()
  say_done ()
  quit ()
end
