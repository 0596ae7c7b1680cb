-- Print what Ardour makes of the Turtle of plugins: SESSION URI...

AudioEngine:set_backend ("None (Dummy)", "", "")
local session = create_session (arg[1], "describe", 48000)
assert (session)

local function streams (count)
  return count:n_audio () .. " audio " .. count:n_midi () .. " MIDI"
end

local function number (x)
  return string.format ("%.6g", x)
end

local function describe_knob (plugin, index)
  local _, result = plugin:get_parameter_descriptor (index, ARDOUR.ParameterDescriptor ())
  local knob = result[2]
  local kind = knob.enumeration and "choice" or knob.toggled and "switch"
    or knob.logarithmic and "logarithmic" or knob.integer_step and "whole" or "linear"
  local words = { "  " .. plugin:parameter_label (index), number (knob.lower) .. ".." .. number (knob.upper),
                  "default " .. number (knob.normal), kind }
  local points = {}
  for label, value in pairs (ARDOUR.LuaAPI.desc_scale_points (knob)) do
    points[#points + 1] = string.format ("%g=%s", value, label)
  end
  table.sort (points)
  if #points > 0 then
    words[#words + 1] = table.concat (points, ", ")
  end
  print (table.concat (words, " | "))
end

local function describe_input (plugin, index)
  local pin = plugin:describe_io_port (ARDOUR.DataType ("audio"), true, index)
  print ("  " .. pin.name .. (pin.is_sidechain and " | sidechain" or " | main") .. " | " .. pin.group_name)
end

local function describe (uri)
  local processor = ARDOUR.LuaAPI.new_plugin (session, uri, ARDOUR.PluginType.LV2, "")
  if processor:isnil () then
    print (uri .. " refused")
    return
  end

  local insert = processor:to_insert ()
  local plugin = insert:plugin (0)
  local info = plugin:get_info ()
  print (uri .. " | " .. info.name .. " | " .. info.category
         .. (info:is_instrument () and " | instrument" or ""))
  print ("  in " .. streams (insert:natural_input_streams ())
         .. ", out " .. streams (insert:natural_output_streams ()))
  for i = 0, insert:natural_input_streams ():n_audio () - 1 do
    describe_input (plugin, i)
  end
  for i = 0, plugin:parameter_count () - 1 do
    if plugin:parameter_is_control (i) and plugin:parameter_is_input (i) then
      describe_knob (plugin, i)
    end
  end
end

for i = 2, #arg do
  describe (arg[i])
end
close_session ()
quit ()
