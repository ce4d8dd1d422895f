# Windows: the texts of the Event Log, as a resource of the addon. MSG00409.bin is the message table alone, for another program's
# resources: RT_MESSAGETABLE (11), name 1, language 0x409.
# https://learn.microsoft.com/windows/win32/eventlog/message-text-files
enable_language(RC)
if(MSVC)
  # Of the Windows SDK, whose folder is in the path of a developer's prompt only.
  set(kits "$ENV{ProgramFiles\(x86\)}/Windows Kits/10/bin")
  find_program(MESSAGE_COMPILER mc REQUIRED HINTS "$ENV{WindowsSdkVerBinPath}/x64"
    "${kits}/${CMAKE_VS_WINDOWS_TARGET_PLATFORM_VERSION}/x64")
else()
  find_program(MESSAGE_COMPILER NAMES ${triplet}-windmc windmc REQUIRED)
endif()
set(messages ${CMAKE_CURRENT_BINARY_DIR}/messages)
file(MAKE_DIRECTORY ${messages})
# The texts in UTF-16, said as well where it is the default.
add_custom_command(OUTPUT ${messages}/event_messages.rc ${messages}/MSG00409.bin ${messages}/event_messages.h
  COMMAND ${MESSAGE_COMPILER} -U -r ${messages} -h ${messages} ${CMAKE_CURRENT_SOURCE_DIR}/cpp/event_messages.mc
  DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cpp/event_messages.mc VERBATIM)
set_source_files_properties(${messages}/event_messages.rc PROPERTIES OBJECT_DEPENDS ${messages}/MSG00409.bin)
# A library of its own: what the C++ is compiled with means nothing to a resource compiler.
add_library(event_messages OBJECT ${messages}/event_messages.rc)
target_sources(guruconnect PRIVATE $<TARGET_OBJECTS:event_messages>)
