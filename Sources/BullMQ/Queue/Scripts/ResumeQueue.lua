-- Lets workers take jobs again. The jobs of the paused list come first: they are the older ones.
if call('HEXISTS', metaKey, 'paused') == 1 then
    if call('EXISTS', waitKey) == 0 then
        if call('EXISTS', pausedKey) == 1 then call('RENAME', pausedKey, waitKey) end
    else
        while call('LMOVE', pausedKey, waitKey, 'LEFT', 'RIGHT') do end
    end
    call('HDEL', metaKey, 'paused')
    if call('LLEN', waitKey) > 0 or call('ZCARD', prioritizedKey) > 0 then mark() end
    markDelayed()
    event('resumed')
end
return 0
