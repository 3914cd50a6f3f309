using System.Text.Json;
using L4Lb.Host.Cli;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Discovery;

namespace L4Lb.Host.Env;

/// <summary><c>l4lb env</c>: the variables that a container of a namespace would be started with.</summary>
internal static class EnvCommand
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints them and returns the exit code.</summary>
    public static Task<int> RunAsync(EnvSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        var source = ManifestStateSource.Create(settings.Manifests, settings.Standalone);
        var loaded = source.Load();
        foreach (var diagnostic in loaded.Diagnostics.Where(d => d.Severity == Severity.Error))
        {
            context.Error.WriteLine(diagnostic);
        }

        if (loaded.Desired is null || source.Plan is not { } plan)
        {
            return Task.FromResult(ExitCode.Failed);
        }

        if (!plan.Services.Any(service => service.Metadata.Namespace == settings.Namespace))
        {
            var there = string.Join(", ", plan.Services.Select(s => s.Metadata.Namespace).Distinct().Order(StringComparer.Ordinal).Take(10));
            context.Error.WriteLine($"l4lb: warning: no Service is in namespace {settings.Namespace}{(there.Length > 0 ? $"; there are some in {there}" : "")}");
        }

        foreach (var service in plan.MadeUp.Where(name => name.Namespace == settings.Namespace))
        {
            context.Error.WriteLine(
                $"l4lb: warning: {service} has no clusterIP, and what an instance gave it is not known: the address is made up; "
                + "name the folder that the instance has as --state-dir");
        }

        Print(EnvironmentVariables.Of(plan.Services, settings.Namespace, settings.ServiceLinks), settings.Format, context.Out);
        return Task.FromResult(ExitCode.Done);
    }

    private static void Print(IReadOnlyList<KeyValuePair<string, string>> variables, EnvFormat format, TextWriter output)
    {
        if (format == EnvFormat.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(variables.ToDictionary(StringComparer.Ordinal), s_json));
            return;
        }

        // No value has anything in it that any of them would read in a special way: they are addresses, ports and URLs.
        foreach (var (name, value) in variables)
        {
            output.WriteLine(format == EnvFormat.Systemd ? $"{name}=\"{value}\"" : $"{name}={value}");
        }
    }
}
