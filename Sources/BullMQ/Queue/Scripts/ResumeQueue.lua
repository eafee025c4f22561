-- Lets workers take jobs again. The jobs of the paused list come first: they are the older ones.
if call('HDEL', metaKey, 'paused') == 1 then
    if call('EXISTS', waitKey) == 0 then
        if call('EXISTS', pausedKey) == 1 then call('RENAME', pausedKey, waitKey) end
    else
        local id = call('LPOP', pausedKey)
        while id do
            call('RPUSH', waitKey, id)
            id = call('LPOP', pausedKey)
        end
    end
    if call('LLEN', waitKey) > 0 or call('ZCARD', prioritizedKey) > 0 then mark() end
    markDelayed()
    event('resumed')
end
return 0
