using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Get;

/// <summary><c>l4lb get</c>.</summary>
internal static class GetCommand
{
    /// <summary>Lists what was asked for.</summary>
    public static Task<int> RunAsync(GetSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        ClientException.RunAsync(
            settings.Client, context, client => settings.Resource.GetAsync(settings, context, client, cancellationToken));
}
