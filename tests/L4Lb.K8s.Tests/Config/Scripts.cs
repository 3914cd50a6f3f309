using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

internal static class Scripts
{
    extension(TemporaryFolder folder)
    {
        /// <summary>A program of the shell's.</summary>
        public string Script(string name, string text)
        {
            var path = folder.Write(name, $"#!/bin/sh\n{text}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            return path;
        }
    }
}
