using L4Lb.Host.Cli;
using L4Lb.Lab;
using L4Lb.Lab.Results;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace L4Lb.Host.Lab;

/// <summary>A bar with the time left, for whoever sits at a terminal; nobody else is told anything.</summary>
internal static class SimulationProgress
{
    /// <summary>Shows how far <paramref name="run"/> is.</summary>
    public static async Task<LabResult> ShowAsync(CommandContext context, string name, Func<IProgress<LabProgress>?, Task<LabResult>> run)
    {
        if (context.Terminal is null)
        {
            return await run(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        var left = new TimeLeftColumn();
        return await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(), left)
            .StartAsync(shown =>
            {
                var task = shown.AddTask(Markup.Escape(name), maxValue: 1);
                return run(new Reader(progress =>
                {
                    task.Value = progress.Part;
                    left.Left = progress.Left;
                }));
            });
    }

    /// <summary>At once, and on the thread that reports: nothing comes late.</summary>
    private sealed class Reader(Action<LabProgress> read) : IProgress<LabProgress>
    {
        public void Report(LabProgress value) => read(value);
    }

    /// <summary>What the simulator thinks, which knows its events.</summary>
    private sealed class TimeLeftColumn : ProgressColumn
    {
        public TimeSpan? Left { get; set; }

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Left switch
        {
            null => "",
            { TotalSeconds: < 1 } => "nearly done",
            { TotalMinutes: < 2 } left => $"{left.TotalSeconds:0} s left",
            { } left => $"{left.TotalMinutes:0} min left",
        });
    }
}
