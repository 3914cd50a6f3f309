using L4Lb.Host.Admin;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client;

/// <summary>What <c>l4lb reload</c> was asked for.</summary>
/// <param name="Client">Whom to ask.</param>
internal sealed record ReloadSettings(ClientSettings Client);

/// <summary><c>l4lb reload</c>.</summary>
internal static class ReloadCommand
{
    /// <summary>Has the configuration loaded again and says how it went.</summary>
    public static Task<int> RunAsync(ReloadSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        ClientException.RunAsync(settings.Client, context, async client =>
        {
            var answer = await client.SendAsync(HttpMethod.Post, "reload", null, AdminJson.Default.ReloadAnswer, cancellationToken);
            foreach (var warning in answer.Warnings)
            {
                context.Error.WriteLine($"l4lb: {warning}");
            }

            var changed = answer.Changed switch
            {
                0 => "nothing changed",
                1 => "1 service port changed",
                var count => $"{count} service ports changed",
            };
            context.Out.WriteLine($"revision {answer.Revision} is in force, {changed}");
            return ExitCode.Done;
        });
}
