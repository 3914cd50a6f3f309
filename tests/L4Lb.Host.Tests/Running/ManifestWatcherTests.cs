using System.Diagnostics;
using L4Lb.Host.Running;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Running;

public sealed class ManifestWatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ListLogger _logger = new();
    private int _changes;

    [Fact]
    public async Task An_edited_file_is_noticed()
    {
        File.WriteAllText(_folder.File("a.yaml"), "1");
        using var watcher = Watch(TimeProvider.System, _folder.File("a.yaml"));

        File.WriteAllText(_folder.File("a.yaml"), "22");

        await ChangedAsync();
    }

    [Fact]
    public async Task A_file_that_was_replaced_is_noticed()
    {
        File.WriteAllText(_folder.File("a.yaml"), "1");
        using var watcher = Watch(TimeProvider.System, _folder.File("a.yaml"));
        File.WriteAllText(_folder.File("a.next"), "22");

        File.Move(_folder.File("a.next"), _folder.File("a.yaml"), overwrite: true);

        await ChangedAsync();
    }

    [Fact]
    public async Task A_new_file_in_a_folder_is_noticed()
    {
        using var watcher = Watch(TimeProvider.System, _folder.Path);

        File.WriteAllText(_folder.File("b.yaml"), "1");

        await ChangedAsync();
    }

    [Fact]
    public async Task A_swapped_link_is_noticed_as_ConfigMaps_do_it()
    {
        MountConfigMap("1");
        using var watcher = Watch(TimeProvider.System, _folder.Path);

        var next = _folder.File("..next");
        Directory.CreateDirectory(_folder.File("..2"));
        File.WriteAllText(_folder.File("..2/a.yaml"), "2");
        File.CreateSymbolicLink(next, "..2");
        // The framework moves no link to a folder onto another; this is rename(2), as the kubelet does it.
        using (var rename = Process.Start("mv", ["-T", next, _folder.File("..data")]))
        {
            await rename.WaitForExitAsync();
        }

        await ChangedAsync();
    }

    [Fact]
    public void Without_notification_it_is_noticed_at_the_next_look()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllText(elsewhere.File("a.yaml"), "1");
        File.CreateSymbolicLink(_folder.File("a.yaml"), elsewhere.File("a.yaml"));
        var time = new ManualTime();
        using var watcher = Watch(time, _folder.File("a.yaml"));

        File.WriteAllText(elsewhere.File("a.yaml"), "22");

        Assert.Equal(0, _changes);
        time.Advance(ManifestWatcher.PollInterval);
        Assert.Equal(1, _changes);
        time.Advance(ManifestWatcher.PollInterval);
        Assert.Equal(1, _changes);
    }

    [Fact]
    public async Task A_neighbour_is_none_of_its_business()
    {
        File.WriteAllText(_folder.File("a.yaml"), "1");
        var time = new ManualTime();
        using var watcher = Watch(time, _folder.File("a.yaml"));
        var waiting = time.TimersWaiting;

        File.WriteAllText(_folder.File("b.yaml"), "1");

        await Eventually.HoldsAsync("the event has arrived", () => time.TimersWaiting > waiting);
        time.Advance(ManifestWatcher.Patience);
        Assert.Equal(0, _changes);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_looked_for()
    {
        var time = new ManualTime();
        using var watcher = Watch(time, _folder.File("later/a.yaml"));
        Assert.Single(_logger.TextsOf(204));

        Directory.CreateDirectory(_folder.File("later"));
        File.WriteAllText(_folder.File("later/a.yaml"), "1");

        time.Advance(ManifestWatcher.PollInterval);
        Assert.Equal(1, _changes);
    }

    public void Dispose() => _folder.Dispose();

    private void MountConfigMap(string content)
    {
        Directory.CreateDirectory(_folder.File("..1"));
        File.WriteAllText(_folder.File("..1/a.yaml"), content);
        File.CreateSymbolicLink(_folder.File("..data"), "..1");
        File.CreateSymbolicLink(_folder.File("a.yaml"), "..data/a.yaml");
    }

    private ManifestWatcher Watch(TimeProvider time, string path) =>
        new([path], time, _logger, () => Interlocked.Increment(ref _changes));

    private Task ChangedAsync() => Eventually.HoldsAsync("the change was noticed", () => Volatile.Read(ref _changes) > 0);
}
