using System.Runtime.InteropServices;
using System.Text;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client.Top;

/// <summary><c>l4lb top</c>.</summary>
internal static class TopCommand
{
    private const int WidthWithoutTerminal = 120;

    private static readonly TimeSpan s_keys = TimeSpan.FromMilliseconds(50);

    /// <summary>Shows what happens until somebody leaves; without a terminal once.</summary>
    public static Task<int> RunAsync(TopSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        ClientException.RunAsync(settings.Client, context, async client =>
        {
            if (settings.Once || context.Terminal is not { } terminal)
            {
                await WriteOnceAsync(settings, client, context, cancellationToken);
                return ExitCode.Done;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
            var before = await Sample.TakeAsync(client, context.Time, cancellationToken); // What is wrong at first is no screen's matter.
            try
            {
                using var full = new FullScreen(terminal);
                await ShowAsync(settings, client, before, context, terminal, full, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Ctrl-C is a way to leave.
            }
            catch (Exception e) when (e is IOException or InvalidOperationException && terminal.IsGone)
            {
                // So is closing the window.
            }

            return ExitCode.Done;

            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        });

    private static async Task WriteOnceAsync(
        TopSettings settings, AdminClient client, CommandContext context, CancellationToken cancellation)
    {
        var before = await Sample.TakeAsync(client, context.Time, cancellation);
        await Task.Delay(settings.Interval, context.Time, cancellation);
        var view = TopView.Of(before, await Sample.TakeAsync(client, context.Time, cancellation), client.Address, context.Time);
        string[] lines =
        [
            .. view.Head, "", TopTable.Headings(WidthWithoutTerminal),
            .. TopTable.Sort(view.Services, settings.Order).Select(static s => TopTable.Row(s, WidthWithoutTerminal)),
            .. view.Unhealthy.Count > 0 ? ["", "NOT WELL", .. view.Unhealthy] : Array.Empty<string>(),
        ];
        foreach (var line in lines)
        {
            context.Out.WriteLine(line.TrimEnd());
        }
    }

    private static async Task ShowAsync(
        TopSettings settings, AdminClient client, Sample before, CommandContext context, ITerminal terminal, FullScreen full,
        CancellationToken cancellation)
    {
        var (screen, time) = (new TopScreen(settings.Order), context.Time);
        var view = TopView.Of(before, before, client.Address, time) with { Problem = "measuring…" };
        while (!screen.IsLeft)
        {
            Draw(screen, view, terminal);
            var (asked, drawn) = (time.GetTimestamp(), (screen, terminal.Size, full.Entries));
            while (time.GetElapsedTime(asked) < settings.Interval && !screen.IsLeft)
            {
                if (terminal.IsGone)
                {
                    return;
                }

                // A terminal that went away has keys without end.
                while (!cancellation.IsCancellationRequested && !terminal.IsGone && terminal.ReadKey() is { } key)
                {
                    screen = screen.After(key).Within(view.Services.Count);
                }

                if (drawn != (screen, terminal.Size, full.Entries))
                {
                    drawn = (screen, terminal.Size, full.Entries);
                    Draw(screen, view, terminal);
                }

                await Task.Delay(s_keys, time, cancellation);
            }

            if (screen is { IsPaused: false, IsLeft: false })
            {
                (before, view) = await NextAsync(client, before, view, time, cancellation);
            }
        }
    }

    /// <summary>The next answer; while there is none, the last one with the reason.</summary>
    private static async Task<(Sample Last, TopView View)> NextAsync(
        AdminClient client, Sample before, TopView view, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var now = await Sample.TakeAsync(client, time, cancellation);
            return (now, TopView.Of(before, now, client.Address, time));
        }
        catch (ClientException e)
        {
            return (before, view with { Problem = e.Message });
        }
    }

    private static void Draw(TopScreen screen, TopView view, ITerminal terminal)
    {
        var text = new StringBuilder("\e[H");
        foreach (var (i, line) in screen.Render(view, terminal.Size).Index())
        {
            // The end of a line is erased rather than the screen before it: that would flicker.
            var style = terminal.HasColors && i == view.Head.Count + 1 ? "\e[7m" : "";
            text.Append(i == 0 ? "" : "\r\n").Append(style).Append(line).Append(style.Length > 0 ? "\e[0m" : "").Append("\e[K");
        }

        terminal.Write(text.Append("\e[J").ToString());
    }
}
