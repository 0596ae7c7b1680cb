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

-- Print where all knobs of a plugin stand, each after some words
function print_knobs (words, processor)
  for_each_knob (processor, function (n, i, plugin)
    local value = ARDOUR.LuaAPI.get_processor_param (processor, n, true)
    print (string.format ("%s|%s|%.7g", words, plugin:parameter_label (i), value))
  end)
end

function leave ()
  close_session ()
  print ("done")
  quit ()
end
