using L4Lb.Host.Cli;

namespace L4Lb.Host.Demo;

internal static class DemoCommand
{
    public static Task<int> RunAsync(DemoSettings settings, CommandContext context, CancellationToken cancellationToken) => Task.FromResult(0);
}
