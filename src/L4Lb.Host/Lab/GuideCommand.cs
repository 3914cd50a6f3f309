using L4Lb.Host.Cli;

namespace L4Lb.Host.Lab;

/// <summary><c>l4lb lab</c> has nothing to be told.</summary>
internal sealed record GuideSettings;

/// <summary><c>l4lb lab</c>: what it is for, and the one command that leads to an opened report.</summary>
internal static class GuideCommand
{
    /// <summary>What a newcomer runs first: quick, and with a result that surprises.</summary>
    public const string First = "power-of-two";

    /// <summary>Prints the guide.</summary>
    public static Task<int> RunAsync(GuideSettings settings, CommandContext context, CancellationToken cancellationToken)
    {
        context.Out.WriteLine($"""
            The lab answers which scheduler suits your backends: it runs a scenario on the schedulers' own code, in virtual
            time, and writes a report with a ranking, the reasons, and charts.

            Begin with

              l4lb lab simulate {First} --open

            Then copy a scenario, make it yours, and compare:

              l4lb lab scenarios {First} > mine.yaml
              l4lb lab check mine.yaml
              l4lb lab simulate mine.yaml --seeds 5

            On sockets of this machine, beside the simulation; and with the traffic of an access log instead:

              l4lb lab live mine.yaml --and-simulate
              l4lb lab replay access.log

            Scenarios that come with the program:

            """);
        ScenariosCommand.WriteList(context.Out, context.Terminal?.Size.Columns ?? ScenariosCommand.Columns);
        return Task.FromResult(ExitCode.Done);
    }
}
