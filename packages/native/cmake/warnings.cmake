# What every target here is compiled with: warnings are errors, and what hardens costs nothing that could be measured.
# (No -Wnull-dereference: what it says depends on what is inlined, and clang-tidy's analyzer knows better.)
function(warn_and_harden target)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /WX /permissive- /guard:cf /sdl)
    target_link_options(${target} PRIVATE /guard:cf /DYNAMICBASE /NXCOMPAT /HIGHENTROPYVA)
    return()
  endif()
  target_compile_options(${target} PRIVATE -Werror -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wformat=2 -Wvla
    -Wconversion -Wsign-conversion -Wdouble-promotion -Wold-style-cast -Wcast-qual -Wcast-align
    -Wimplicit-fallthrough -Wswitch-enum
    -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wmissing-declarations -Wredundant-decls)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wuseless-cast -Wduplicated-cond -Wduplicated-branches -Wlogical-op
      -Wsuggest-override -Wstrict-null-sentinel)
  endif()
  if(GURUCONNECT_SANITIZE)
    # Instead of what hardens: the sanitizers see more, and it would be in their way.
    target_compile_options(${target} PRIVATE
      -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
    return()
  endif()
  # _FORTIFY_SOURCE is nothing without optimization.
  target_compile_options(${target} PRIVATE -fstack-protector-strong
    $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  if(MINGW)
    # Said to the linker too, it brings the library that this needs.
    target_link_options(${target} PRIVATE -fstack-protector-strong)
    # No time of the link: the same sources make the same bytes.
    target_link_options(${target} PRIVATE LINKER:--dynamicbase,--nxcompat,--high-entropy-va,--no-insert-timestamp)
  elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    target_link_options(${target} PRIVATE LINKER:-z,relro,-z,now,-z,noexecstack)
  endif()
endfunction()
